import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { announcement, demoPeople } from './demo/announce.ts'
import { checkPorts } from './demo/check-ports.ts'
import { createDemoApi } from './demo/demo-api.ts'
import { type GatewayProcess, startGatewayProcess } from './demo/gateway-process.ts'
import { type DemoSettings, readDemoSettings } from './demo/settings.ts'
import { writeRoutes } from './demo/write-routes.ts'
import { loadRealmFile } from './realm-file.ts'
import type { Realm } from './realm-schema.ts'
import { createStandIn } from './stand-in/create-stand-in.ts'

/** Something that runs, and how it ends. */
type Part = { stop(): Promise<unknown> }

const realmFile = fileURLToPath(new URL('./realms/demo-realm.json', import.meta.url))

const secretOf = (realm: Realm, clientId: string) =>
  realm.clients?.find((client) => client.clientId === clientId)?.secret ?? ''

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  process.stdout.write(`  ${what} … `)
  const started = performance.now()
  const result = await work().catch((error) => {
    process.stdout.write('failed\n')
    throw error
  })
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`)
  return result
}

/** The gateway's environment: the caller's own settings win, except for those the demo decides. */
function gatewayEnv(settings: DemoSettings, realm: Realm, keycloakUrl: string, routes: string): NodeJS.ProcessEnv {
  return {
    KEYCLOAK_CLIENT_ID: 'cloakroom',
    KEYCLOAK_CLIENT_SECRET: secretOf(realm, 'cloakroom'),
    KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin',
    KEYCLOAK_ADMIN_CLIENT_SECRET: secretOf(realm, 'cloakroom-admin'),
    KEYCLOAK_PASSWORD_CLIENT_ID: 'cloakroom-passwords',
    KEYCLOAK_PASSWORD_CLIENT_SECRET: secretOf(realm, 'cloakroom-passwords'),
    KEYCLOAK_CLIENTS_CLIENT_ID: 'cloakroom-clients',
    KEYCLOAK_CLIENTS_CLIENT_SECRET: secretOf(realm, 'cloakroom-clients'),
    SERVICE_CLIENT_SCOPES: 'orders.read,orders.write',
    KEYCLOAK_REALM_CLIENT_ID: 'cloakroom-realm',
    KEYCLOAK_REALM_CLIENT_SECRET: secretOf(realm, 'cloakroom-realm'),
    REGISTRATION: 'on',
    JWT_AUDIENCE: 'orders-api',
    LOG_LEVEL: 'error',
    ...process.env,
    ENV: 'dev',
    PORT: String(settings.port),
    MANAGEMENT_PORT: String(settings.managementPort),
    PUBLIC_URL: settings.publicUrl,
    KEYCLOAK_SERVER_URL: keycloakUrl,
    KEYCLOAK_REALM: settings.realm,
    GATEWAY_CONFIG: routes,
  }
}

async function startProvider(settings: DemoSettings, realm: Realm, parts: Part[]): Promise<string> {
  if (settings.keycloakUrl) {
    console.log(`  Using Keycloak at ${settings.keycloakUrl}, realm ${settings.realm}`)
    return settings.keycloakUrl
  }
  return step('Starting the stand-in for Keycloak', async () => {
    const named = { ...realm, realm: settings.realm }
    const standIn = await createStandIn({ realms: [named], port: settings.standInPort })
    parts.unshift(standIn)
    return standIn.url
  })
}

function keptWhere({ keycloakUrl, redisUrl }: DemoSettings): string {
  const people = keycloakUrl
    ? `People are those of ${keycloakUrl}, if it has this realm`
    : 'People live in a stand-in for Keycloak, in memory'
  const sessions = redisUrl
    ? 'sessions are in the Redis of REDIS_URL'
    : 'sessions are in memory (REDIS_URL would change that)'
  return `${people}; ${sessions}.`
}

/** Starts everything, last first in `parts`, so that they end in the reverse order. */
async function startDemo(parts: Part[]): Promise<GatewayProcess> {
  const settings = readDemoSettings(process.env)
  const realm = await loadRealmFile(realmFile, {
    CLOAKROOM_PUBLIC_URL: settings.publicUrl,
    CLOAKROOM_BACKCHANNEL_URL: `http://127.0.0.1:${settings.port}/backchannel-logout`,
    ...process.env,
  })
  await checkPorts(settings)
  console.log('Starting the Cloakroom demo')
  const folder = await mkdtemp(join(tmpdir(), 'cloakroom-demo-'))
  parts.unshift({ stop: () => rm(folder, { recursive: true, force: true }) })
  const keycloakUrl = await startProvider(settings, realm, parts)
  const api = await step('Starting the demo API', () => createDemoApi())
  parts.unshift(api)
  const routes = join(folder, 'gateway.yaml')
  await writeRoutes(routes, api.url)
  const url = `http://127.0.0.1:${settings.port}`
  const env = gatewayEnv(settings, realm, keycloakUrl, routes)
  const gateway = startGatewayProcess(url, env)
  parts.unshift(gateway)
  await step('Starting the gateway', gateway.ready)
  console.log(
    announcement({
      publicUrl: settings.publicUrl,
      issuer: `${keycloakUrl}/realms/${settings.realm}`,
      people: demoPeople(realm),
      service: { id: 'orders-service', secret: secretOf(realm, 'orders-service') },
      kept: keptWhere(settings),
    }),
  )
  return gateway
}

/** `npm run demo`: everything on this machine, until Ctrl-C. */
async function runDemo() {
  const parts: Part[] = []
  let stopping = false
  async function stop(exitCode: number) {
    if (stopping) return
    stopping = true
    // One by one, because something may still be starting and join them.
    for (let part = parts.shift(); part; part = parts.shift()) await part.stop()
    process.exit(exitCode)
  }
  const goodbye = () => {
    console.log('\nStopping the demo…')
    void stop(0)
  }
  process.once('SIGINT', goodbye).once('SIGTERM', goodbye)
  try {
    const gateway = await startDemo(parts)
    const code = await gateway.ended
    if (stopping) return
    console.error(`The gateway ended by itself (exit code ${code}); its log is above.`)
  } catch (error) {
    if (stopping) return
    console.error(`\n${error instanceof Error ? error.message : String(error)}`)
  }
  await stop(1)
}

await runDemo()
