import { accessSync, constants, existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cacheFolder } from '../../keycloak/server/distribution.ts'

/** A real program that some tests need. */
export interface Part {
  readonly name: string
  /** Where it is, or undefined. */
  readonly found: string | undefined
  readonly howToGet: string
  readonly usedFor: string
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Which real parts this machine has. */
export function findParts(env: NodeJS.ProcessEnv): Part[] {
  return [
    {
      name: 'Redis',
      found: findRedis(env),
      howToGet: 'apt-get install redis-server',
      usedFor: 'session store and bus contracts, journeys',
    },
    {
      name: 'PostgreSQL',
      found: findPostgres(env),
      howToGet: 'apt-get install postgresql',
      usedFor: 'audit contracts and outages on a real database',
    },
    {
      name: 'Keycloak',
      found: findKeycloak(env),
      howToGet: 'install OpenJDK 17 or newer and Maven; the server is fetched at the first start',
      usedFor: 'journeys on the real provider',
    },
    {
      name: 'Chromium',
      found: findChromium(env),
      howToGet: 'apt-get install chromium',
      usedFor: 'journeys in a real browser',
    },
  ]
}

export function findRedis(env: NodeJS.ProcessEnv): string | undefined {
  return which('redis-server', env)
}

/** The server program; Debian keeps it out of PATH, one folder a version. */
export function findPostgres(env: NodeJS.ProcessEnv): string | undefined {
  const found = which('postgres', env)
  if (found !== undefined) return realpathSync(found)
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(root, version, 'bin/postgres')).find((path) => existsSync(path))
}

export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  return (
    env.CLOAKROOM_TEST_CHROMIUM ?? CHROMIUM_NAMES.map((name) => which(name, env)).find((path) => path !== undefined)
  )
}

/** Java, and either a server that is unpacked already or Maven to fetch it with. */
export function findKeycloak(env: NodeJS.ProcessEnv): string | undefined {
  if (which('java', env) === undefined) return undefined
  const cache = cacheFolder(env)
  const unpacked = existsSync(cache) && readdirSync(cache).find((entry) => entry.startsWith('keycloak-'))
  if (unpacked) return join(cache, unpacked)
  const maven = which('mvn', env)
  return maven === undefined ? undefined : `by ${maven}`
}

export function which(program: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
