import { type Browser, createBrowser, type Page } from './browser.ts'
import { createAuthority } from './certificates.ts'
import { type EchoUpstream, startEchoUpstream } from './echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from './gateway.ts'
import { type ProviderOptions, type ScriptedProvider, startScriptedProvider } from './scripted-provider.ts'
import { temporaryFiles } from './temporary-files.ts'
import { type TestClock, testClock } from './test-clock.ts'
import { the } from './the.ts'

/** A gateway between a scripted provider and an API that remembers what it was asked. */
export interface Scene {
  readonly provider: ScriptedProvider
  readonly gateway: GatewayUnderTest
  readonly api: EchoUpstream
  readonly clock: TestClock
  /** `http://localhost:<port>`; the provider is on 127.0.0.1, which is another site. */
  readonly url: string
  newBrowser(): Browser
  /** A browser in which someone has just signed in. */
  signedIn(browser?: Browser): Promise<Browser>
  /** Calls the API as a page of the gateway does. */
  call(browser: Browser, path?: string): Promise<Page>
  /** Calls the API as a service does. */
  bearer(token: string, path?: string): Promise<Page>
  /** The access token that reached the API last. */
  relayed(): string | undefined
  stop(): Promise<void>
}

export interface SceneOptions {
  env?: Record<string, string>
  provider?: ProviderOptions
  /** What files say that settings name, by path. */
  files?: Record<string, string>
  clock?: TestClock
  /** The API speaks HTTP/2 behind TLS, and is spoken to in it. */
  http2?: boolean
}

/** Limits are another suite's business; here a table may fail as often as it likes. */
const UNLIMITED = Object.fromEntries(
  ['DEFAULT', 'LOGIN', 'MANAGEMENT', 'AUTH_FAILURES'].map((name) => [`RATE_LIMIT_${name}`, 'off']),
)

function routesTo(upstream: string): object[] {
  const open = { upstream, auth: ['session', 'bearer'] }
  return [
    { ...open, id: 'orders', path: '/api/orders' },
    { ...open, id: 'staff', path: '/api/staff', require: { roles: ['realm:admin'] } },
    { ...open, id: 'readers', path: '/api/readers', require: { roles: ['client:orders-api:reader'] } },
    { ...open, id: 'scoped', path: '/api/scoped', require: { scopes: ['orders.read'] } },
    { ...open, id: 'support', path: '/api/support', require: { groups: ['/staff/support'] } },
    { ...open, id: 'people', path: '/api/people', auth: ['session'] },
    { ...open, id: 'public', path: '/api/public', auth: 'none' },
  ]
}

/** The same API behind TLS. */
function secure() {
  const authority = createAuthority()
  const temporary = temporaryFiles()
  const tls = { ca: temporary.write('ca.pem', authority.cert) }
  return {
    tls: authority.issue(),
    routesTo: (port: number) => routesTo(`https://127.0.0.1:${port}`).map((route) => ({ ...route, tls, http2: true })),
    remove: temporary.remove,
  }
}

/** Builds a scene; time stands still at the present until `clock.advance`. */
export async function setScene(sceneOptions: SceneOptions = {}): Promise<Scene> {
  const { env = {}, files = {}, provider: options = {}, clock = testClock(), http2 = false } = sceneOptions
  const secured = http2 ? secure() : undefined
  const api = await startEchoUpstream(secured === undefined ? {} : { tls: secured.tls, http2 })
  const provider = await startScriptedProvider({ clock, ...options })
  const gateway = await startGateway({
    env: { ...UNLIMITED, OIDC_SCOPES: the.scopes, ...provider.env, ...env },
    routes: secured === undefined ? routesTo(api.origin) : secured.routesTo(api.port),
    files,
    clock,
  })
  const newBrowser = () => createBrowser({ now: () => clock.now() })

  return {
    provider,
    gateway,
    api,
    clock,
    url: gateway.url,
    newBrowser,
    async signedIn(browser = newBrowser()) {
      const page = await browser.open(`${gateway.url}/login?returnTo=/api/orders`)
      if (page.status !== 200 || page.url !== `${gateway.url}/api/orders`)
        throw new Error(`signing in ended at ${page.url} with ${page.status}: ${page.body}`)
      return browser
    },
    call: (browser, path = '/api/orders') => browser.fetch(gateway.url + path),
    bearer: (token, path = '/api/orders') =>
      newBrowser().fetch(gateway.url + path, { headers: { authorization: `Bearer ${token}` } }),
    relayed: () =>
      api
        .last()
        .header('authorization')
        ?.replace(/^Bearer /, ''),
    async stop() {
      await Promise.all([gateway.stop(), provider.stop(), api.stop()])
      secured?.remove()
    },
  }
}
