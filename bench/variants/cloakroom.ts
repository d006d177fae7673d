import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeRequests } from '../measure/write-requests.ts'
import { ask } from '../parts/ask.ts'
import { freePort } from '../parts/free-port.ts'
import { startPart } from '../parts/part.ts'
import { checkProtections } from '../protections.ts'
import { signIn } from '../sign-in.ts'
import { forEachCaller } from './for-each-caller.ts'
import { createTraces } from './traces.ts'
import type { StartVariant, Surroundings, Variant } from './variant.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Cloakroom as it is run in production; calls of browsers with their session cookies. */
export const startSession: StartVariant = (surroundings, port) =>
  startCloakroom('session', surroundings, port, async () => ({ Cookie: await signIn(port) }))

/** The same with calls of services, which bring their own tokens. */
export const startBearer: StartVariant = (surroundings, port) =>
  startCloakroom('bearer', surroundings, port, async () => ({
    Authorization: `Bearer ${await surroundings.provider.serviceToken()}`,
  }))

async function startCloakroom(
  name: 'session' | 'bearer',
  surroundings: Surroundings,
  port: number,
  obtain: () => Promise<Record<string, string>>,
): Promise<Variant> {
  const { folder, cores, callers, provider, nodeOptions } = surroundings
  const managementPort = await freePort()
  const output = join(folder, `${name}.log`)
  const part = await startPart({
    name: `Cloakroom (${name})`,
    core: cores.gateway,
    command: [process.execPath, ...nodeOptions(name), MAIN],
    env: await environment(surroundings, port, managementPort),
    output,
    isReady: async () => (await ask({ port, path: '/ready', headers: { Host: `127.0.0.1:${port}` } })).status === 200,
  })
  try {
    await checkProtections({ port, method: name, credentials: await obtain(), provider })
    const requests = await writeRequests(folder, name, port, await forEachCaller(callers, obtain))
    return { name, port, part, requests, ...createTraces({ managementPort, logFile: output }) }
  } catch (error) {
    await part.stop()
    throw error
  }
}

/** Production settings; the limits are so high that nothing is refused, but every one is asked. */
async function environment(
  { folder, upstreamUrl, redisUrl, provider }: Surroundings,
  port: number,
  managementPort: number,
): Promise<Record<string, string>> {
  const routesFile = join(folder, 'gateway.yaml')
  await writeFile(routesFile, routes(upstreamUrl))
  const url = `http://127.0.0.1:${port}`
  return {
    NODE_ENV: 'production',
    ENV: 'prod',
    PORT: String(port),
    PUBLIC_URL: url,
    MANAGEMENT_PORT: String(managementPort),
    GATEWAY_CONFIG: routesFile,
    KEYCLOAK_SERVER_URL: provider.serverUrl,
    KEYCLOAK_REALM: provider.realm,
    KEYCLOAK_CLIENT_ID: provider.client.id,
    KEYCLOAK_CLIENT_SECRET: provider.client.secret,
    JWT_AUDIENCE: provider.client.audience,
    REDIS_URL: redisUrl,
    SESSION_SECRET_KEY: randomBytes(48).toString('base64'),
    SESSION_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    RATE_LIMIT_DEFAULT: '999999999/60',
    // Signing in all callers from one address.
    RATE_LIMIT_LOGIN: '100000/60',
    LOG_LEVEL: 'info',
  }
}

function routes(upstream: string): string {
  return `routes:
  - id: orders
    path: /api
    upstream: ${upstream}
    auth: [session, bearer]
    methods: [GET, POST]
    require: { roles: ['realm:customer'] }
`
}
