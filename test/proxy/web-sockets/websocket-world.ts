import { createBrowser } from '../../support/browser.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../support/scripted-provider.ts'
import { type OpenOptions, openSocket, refusedSocket, type TestSocket } from '../../support/socket-client.ts'
import { type SocketUpstream, startSocketUpstream } from '../../support/socket-upstream.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'
import type { Person } from '../../support/the.ts'

export interface WebSocketWorld {
  readonly provider: ScriptedProvider
  readonly upstream: SocketUpstream
  readonly gateway: GatewayUnderTest
  readonly client: RawClient
  readonly clock: TestClock
  /** Further gateways before the same upstream and provider. */
  another(env?: Record<string, string>): Promise<GatewayUnderTest>
  /** Fields of somebody who has just signed in, on a page of the gateway. */
  session(): Promise<{ Cookie: string; Origin: string }>
  bearer(person?: Person): { Authorization: string }
  open(path: string, options?: OpenOptions): Promise<TestSocket>
  refused(path: string, options?: OpenOptions): ReturnType<typeof refusedSocket>
  /** The line of the access log for a path, once it is there. */
  line(path: string): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

const UNLIMITED = { RATE_LIMIT_DEFAULT: 'off', RATE_LIMIT_LOGIN: 'off', RATE_LIMIT_AUTH_FAILURES: 'off' }

function routesTo(upstream: string): object[] {
  const open = { upstream, websocket: true }
  return [
    { ...open, id: 'live', path: '/live', auth: ['session', 'bearer'] },
    { ...open, id: 'staff', path: '/live/staff', auth: ['session', 'bearer'], require: { roles: ['realm:admin'] } },
    { ...open, id: 'people', path: '/people', auth: ['session'] },
    { ...open, id: 'services', path: '/services', auth: ['bearer'] },
    { ...open, id: 'tokenless', path: '/tokenless', auth: ['session', 'bearer'], token: 'none' },
    { ...open, id: 'public', path: '/public', auth: 'none' },
    { ...open, id: 'based', path: '/based', auth: 'none', upstream: `${upstream}/base`, stripPath: true },
    { ...open, id: 'hasty', path: '/hasty', auth: 'none', timeout: 1 },
    { ...open, id: 'dead', path: '/dead', auth: 'none', upstream: 'http://127.0.0.1:9' },
    { ...open, id: 'limited', path: '/limited', auth: 'none', rateLimit: { limit: 2, window: 600 } },
    { upstream, id: 'off', path: '/off', auth: 'none' },
  ]
}

/** A gateway with WebSocket routes of every shape between a scripted provider and a WebSocket server. */
export async function startWebSocketWorld(
  env: Record<string, string> = {},
  { chooses = 'first', clock = testClock() }: { chooses?: 'first' | 'none'; clock?: TestClock } = {},
): Promise<WebSocketWorld> {
  const [upstream, provider] = await Promise.all([startSocketUpstream({ chooses }), startScriptedProvider({ clock })])
  const start = (more: Record<string, string> = {}) =>
    startGateway({
      env: { ...UNLIMITED, ...provider.env, ...env, ...more },
      routes: routesTo(upstream.origin),
      clock,
    })
  const gateway = await start()
  const others: GatewayUnderTest[] = []
  return {
    provider,
    upstream,
    gateway,
    clock,
    client: rawClient(gateway.port),
    async another(more) {
      const other = await start({ PUBLIC_URL: gateway.url, ...more })
      others.push(other)
      return other
    },
    async session() {
      const browser = createBrowser()
      await browser.open(`${gateway.url}/login?returnTo=/health`)
      const cookie = browser.jar.of(gateway.url).find(({ name }) => name === 'cloakroom')
      if (cookie === undefined) throw new Error(`nobody is signed in: ${gateway.logText()}`)
      return { Cookie: `cloakroom=${cookie.value}`, Origin: gateway.url }
    },
    bearer(person) {
      const usual = provider.script.person
      if (person !== undefined) provider.script.person = person
      const token = provider.accessToken()
      provider.script.person = usual
      return { Authorization: `Bearer ${token}` }
    },
    open: (path, options) => openSocket(gateway.url + path, options),
    refused: (path, options) => refusedSocket(gateway.url + path, options),
    async line(path) {
      for (;;) {
        const line = gateway.logged().find((entry) => entry.message === 'request' && entry.path === path)
        if (line !== undefined) return line
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async stop() {
      await Promise.all([gateway, ...others].map((one) => one.stop()))
      await Promise.all([provider.stop(), upstream.stop()])
    },
  }
}
