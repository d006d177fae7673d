import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ask } from '../parts/ask.ts'
import { type Part, startPart } from '../parts/part.ts'
import { REALM } from './real-keycloak.ts'
import { signInAtKeycloak } from './sign-in-at-keycloak.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const ADMINISTRATOR = { username: 'ada', password: 'lovelace-demo' }

export interface AdminGatewayParts {
  name: string
  folder: string
  core: number
  port: number
  managementPort: number
  keycloakUrl: string
  redisUrl: string
  upstreamUrl: string
  /** Nowhere but in memory without it. */
  databaseUrl?: string
}

/** A gateway in front of a real Keycloak. */
export interface AdminGateway {
  part: Part
  url: string
  /** Headers of an administrator's requests, changes included. */
  administrator: Record<string, string>
}

/** Production settings; the limits are so high that nothing is refused. */
export async function startAdminGateway(parts: AdminGatewayParts): Promise<AdminGateway> {
  const { name, folder, core, port, managementPort, keycloakUrl, redisUrl, upstreamUrl, databaseUrl } = parts
  const routes = join(folder, 'administration.yaml')
  await writeFile(routes, `routes:\n  - { id: orders, path: /api, upstream: '${upstreamUrl}', auth: [session] }\n`)
  const url = `http://localhost:${port}`
  const part = await startPart({
    name,
    core,
    command: [process.execPath, MAIN],
    env: {
      ...{ NODE_ENV: 'production', PORT: String(port), PUBLIC_URL: url, MANAGEMENT_PORT: String(managementPort) },
      ...{ GATEWAY_CONFIG: routes, KEYCLOAK_SERVER_URL: keycloakUrl, KEYCLOAK_REALM: REALM, REDIS_URL: redisUrl },
      KEYCLOAK_CLIENT_ID: 'cloakroom',
      KEYCLOAK_CLIENT_SECRET: 'demo-gateway-secret-change-me',
      KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin',
      KEYCLOAK_ADMIN_CLIENT_SECRET: 'demo-admin-secret-change-me',
      SESSION_SECRET_KEY: randomBytes(48).toString('base64'),
      SESSION_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      ...{ RATE_LIMIT_DEFAULT: '999999999/60', RATE_LIMIT_MANAGEMENT: '999999999/60', RATE_LIMIT_LOGIN: '100000/60' },
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
    isReady: async () => (await ask({ port, path: '/ready', headers: { Host: `localhost:${port}` } })).status === 200,
  })
  try {
    const cookie = await signInAtKeycloak(url, ADMINISTRATOR)
    return { part, url, administrator: { cookie, 'x-csrf': '1', 'content-type': 'application/json' } }
  } catch (error) {
    await part.stop()
    throw error
  }
}
