import type { BrowserContext, Page } from 'playwright-core'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RedisServer, startRedis } from '../../support/redis-server.ts'
import { type AdminApi, createAdminApi } from './admin-api.ts'
import type { ProviderServer } from './provider-server.ts'
import { type RecordingApi, startRecordingApi } from './recording-api.ts'
import { missingFor, sharedBrowser, sharedProvider, sharedRealms } from './shared.ts'

export const GATEWAY_SECRET = 'demo-gateway-secret-change-me'
export const SERVICE_SECRET = 'demo-orders-secret-change-me'

export const alice = { username: 'alice', password: 'wonderland-demo' }
export const bob = { username: 'bob', password: 'builder-demo-pw' }
export const ada = { username: 'ada', password: 'lovelace-demo' }

/** A realm of its own at the provider, a real Redis, an API, and a gateway before it. */
export interface World {
  readonly provider: ProviderServer
  readonly realm: string
  readonly admin: AdminApi
  readonly redis: RedisServer
  readonly api: RecordingApi
  readonly gateway: GatewayUnderTest
  /** A browser that has never been here. */
  browser(): Promise<BrowserContext>
  /** A token of the service client, by client credentials. */
  serviceToken(client?: { id: string; secret: string }): Promise<string>
  close(): Promise<void>
}

/** @param overrides realm settings such as `{ accessTokenLifespan: 4 }` */
export async function createWorld(
  provider: ProviderServer,
  overrides: object = {},
  env: Record<string, string> = {},
): Promise<World> {
  const realms = sharedRealms(provider)
  const [{ name, port }, redis, api] = await Promise.all([realms.take(overrides), startRedis(), startRecordingApi()])
  const gateway = await startGateway({
    env: {
      PORT: String(port),
      KEYCLOAK_SERVER_URL: provider.url,
      KEYCLOAK_REALM: name,
      KEYCLOAK_CLIENT_SECRET: GATEWAY_SECRET,
      KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin',
      KEYCLOAK_ADMIN_CLIENT_SECRET: 'demo-admin-secret-change-me',
      KEYCLOAK_PASSWORD_CLIENT_ID: 'cloakroom-passwords',
      KEYCLOAK_PASSWORD_CLIENT_SECRET: 'demo-passwords-secret-change-me',
      REDIS_URL: redis.url,
      ...env,
    },
    routes: [
      {
        id: 'orders',
        path: '/api/orders',
        upstream: api.url,
        auth: ['session', 'bearer'],
        require: { roles: ['realm:customer'] },
      },
      { id: 'live', path: '/api/live', upstream: api.url, auth: ['session'], websocket: true },
      { id: 'public', path: '/public', upstream: api.url, auth: 'none' },
    ],
  })
  const contexts: BrowserContext[] = []
  return {
    provider,
    realm: name,
    admin: createAdminApi(provider),
    redis,
    api,
    gateway,
    async browser() {
      const context = await (await sharedBrowser()).newContext()
      contexts.push(context)
      return context
    },
    async serviceToken({ id, secret } = { id: 'orders-service', secret: SERVICE_SECRET }) {
      const response = await fetch(`${provider.url}/realms/${name}/protocol/openid-connect/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
      return ((await response.json()) as { access_token: string }).access_token
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
      await gateway.stop()
      await Promise.all([api.close(), redis.stop()])
      realms.giveBack(name)
    },
  }
}

/** Tells the same story on the stand-in and on a real Keycloak; what differs is a bug in the stand-in. */
export function onBothProviders(
  title: string,
  tell: (start: (overrides?: object, env?: Record<string, string>) => Promise<World>) => void,
): void {
  for (const name of ['stand-in', 'keycloak'] as const) {
    describe(`${title} (${name})`, () => {
      const worlds: World[] = []
      before(function () {
        if (missingFor(name) !== undefined) this.skip()
      })
      afterEach(async () => {
        for (const world of worlds.splice(0)) await world.close()
      })
      tell(async (overrides, env) => {
        const world = await createWorld(await sharedProvider(name), overrides, env)
        worlds.push(world)
        return world
      })
    })
  }
}

/** Fills in the provider's login form; the page then goes where the provider sends it. */
export async function signIn(
  page: Page,
  { username, password }: { username: string; password: string },
  patience = { timeout: 10_000 },
): Promise<void> {
  await page.locator('#username').fill(username, patience)
  await page.locator('#password').fill(password, patience)
  await page.locator('#kc-form-login [type=submit]').click(patience)
}

interface PageRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** A fetch from inside the page, as the front end would do it. */
export async function fetchInPage(
  page: Page,
  url: string,
  init: PageRequest = {},
): Promise<{ status: number; body: string }> {
  return page.evaluate(
    async ({ address, method, headers, body }) => {
      const response = await fetch(address, { method, headers, ...(body === undefined ? {} : { body }) })
      return { status: response.status, body: await response.text() }
    },
    { address: url, method: init.method ?? 'GET', headers: init.headers ?? {}, body: init.body },
  )
}

/** Asks again and again until the answer is as it should be; fails with the last one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  milliseconds = 30_000,
): Promise<T> {
  const end = Date.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (fits(answer)) return answer
    if (Date.now() > end) throw new Error(`it never came true; the last answer was ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
