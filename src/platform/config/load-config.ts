import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkSettings } from './check-settings.ts'
import { checkOwnTls, checkRouteTls, checkVerification } from './check-tls.ts'
import { readClientKey } from './client-key.ts'
import type { Config } from './config.ts'
import { ConfigError, type ConfigProblem } from './config-error.ts'
import { parseRoutesFile, type RoutesFile } from './routes-file.ts'
import { SECRET_FILES, secretsFromFiles } from './secrets-from-files.ts'
import { settingViews } from './setting-views.ts'
import { laterSettings, type Settings, settingsShape } from './settings.ts'
import { toConfig } from './to-config.ts'
import { findTypos } from './typos.ts'

export type ReadFile = (path: string) => string

const readTextFile: ReadFile = (path) => readFileSync(path, 'utf8')

/**
 * Reads the environment and the routes file into one frozen configuration.
 * @throws ConfigError naming every problem at once, each with its fix.
 */
export function loadConfig(env: NodeJS.ProcessEnv, readFile: ReadFile = readTextFile): Config {
  const { given, problems: unread } = secretsFromFiles(withoutEmpty(env), readFile)
  const problems: ConfigProblem[] = [
    ...findTypos(env, [...Object.keys(settingsShape), ...SECRET_FILES.values(), ...Object.keys(laterSettings)]),
    ...notYet(env),
    ...unread,
  ]
  const { settings, refused } = parseSettings(given)
  problems.push(...refused)
  const wrong = new Set([
    ...refused.map(({ where }) => where),
    ...unread.map(({ where }) => where.replace(/_FILE$/, '')),
  ])
  const file = readRoutes(settings, readFile)
  const clientKey = readKey(settings, readFile, problems)
  // What was already refused by itself is not refused again for what follows from it.
  problems.push(
    ...checkSettings(settings, wrong),
    ...checkOwnTls(settings, readFile, Date.now()),
    ...checkVerification(env, settings.ENV === 'prod'),
    ...[...file.problems, ...checkBearerRoutes(settings, file)].filter(({ where }) => !wrong.has(where)),
  )
  if (problems.length > 0) throw new ConfigError(problems)
  const config = toConfig(settings, file.routes, clientKey, randomBytes)
  return Object.freeze({
    ...config,
    settings: Object.freeze(settingViews(given, { PUBLIC_URL: config.server.publicUrl })),
  })
}

/** An empty variable counts as not set: that is how compose files pass on what is missing. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}

/** Each setting by itself, so that one mistake does not hide the others. */
function parseSettings(env: NodeJS.ProcessEnv): { settings: Settings; refused: ConfigProblem[] } {
  const refused: ConfigProblem[] = []
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(settingsShape)) {
    const parsed = schema.safeParse(env[name])
    if (parsed.success) {
      values[name] = parsed.data
      continue
    }
    for (const { code, message } of parsed.error.issues)
      refused.push({ where: name, what: code === 'invalid_type' ? 'is missing. Set it.' : `${message}.` })
    const fallback = schema.safeParse(undefined)
    values[name] = fallback.success ? fallback.data : ''
  }
  return { settings: values as Settings, refused }
}

function notYet(env: NodeJS.ProcessEnv): ConfigProblem[] {
  return Object.entries(laterSettings)
    .filter(([name, allowed]) => env[name] !== undefined && env[name] !== '' && !allowed.includes(env[name]))
    .map(([where, allowed]) => ({
      where,
      what: `is not available in this version yet. ${allowed.length > 0 ? `Set it to ${allowed.join(' or ')}, or remove it.` : 'Remove it.'}`,
    }))
}

function readRoutes(settings: Settings, readFile: ReadFile): RoutesFile {
  const name = settings.GATEWAY_CONFIG ?? 'gateway.yaml'
  try {
    const file = parseRoutesFile(readFile(name), name, settings.MANAGEMENT_PREFIX)
    return { ...file, problems: [...file.problems, ...checkRouteTls(file.routes, name, readFile, Date.now())] }
  } catch (error) {
    if (settings.GATEWAY_CONFIG === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT')
      return { routes: [], problems: [] }
    return {
      routes: [],
      problems: [
        {
          where: 'GATEWAY_CONFIG',
          what: `names ${name}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}). Correct the path.`,
        },
      ],
    }
  }
}

function readKey(settings: Settings, readFile: ReadFile, problems: ConfigProblem[]): string | undefined {
  const name = settings.OIDC_CLIENT_KEY_FILE
  if (name === undefined) return undefined
  const where = 'OIDC_CLIENT_KEY_FILE'
  let text: string
  try {
    text = readFile(name)
  } catch {
    problems.push({ where, what: `names ${name}, which cannot be read. Correct the path.` })
    return undefined
  }
  try {
    readClientKey(text)
  } catch (error) {
    problems.push({ where, what: `names ${name}, which ${(error as Error).message}.` })
  }
  return text
}

function checkBearerRoutes(settings: Settings, file: RoutesFile): ConfigProblem[] {
  if (settings.JWT_AUDIENCE.length > 0) return []
  const ids = file.routes
    .filter((route) => route.auth !== 'none' && route.auth.includes('bearer'))
    .map((route) => route.id)
  if (ids.length === 0) return []
  return [
    {
      where: 'JWT_AUDIENCE',
      what: `is missing, but ${ids.join(', ')} accept bearer tokens. Set it to the audience your tokens carry.`,
    },
  ]
}
