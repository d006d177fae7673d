import { type Browser, createBrowser } from '../support/browser.ts'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import { type ScriptedProvider, startScriptedProvider } from '../support/scripted-provider.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import type { Person } from '../support/the.ts'

export interface GuardedGateway {
  provider: ScriptedProvider
  upstream: EchoUpstream
  gateway: GatewayUnderTest
  client: RawClient
  clock: TestClock
  /** An `Authorization` field of a service. */
  bearer(person?: Person): { Authorization: string }
  /** A `Cookie` field of somebody who has just signed in. */
  session(): Promise<{ Cookie: string }>
  stop(): Promise<void>
}

/** A gateway with these routes between a scripted provider and an upstream that remembers; `origin` is the upstream's. */
export async function startGuardedGateway(
  routes: (origin: string) => object[],
  env: Record<string, string> = {},
): Promise<GuardedGateway> {
  // Time stands still, so that no window of a limit ends in the middle of a test.
  const clock = testClock()
  const [upstream, provider] = await Promise.all([startEchoUpstream(), startScriptedProvider({ clock })])
  const gateway = await startGateway({ env: { ...provider.env, ...env }, routes: routes(upstream.origin), clock })

  async function signIn(): Promise<Browser> {
    const browser = createBrowser()
    await browser.open(`${gateway.url}/login?returnTo=/health`)
    return browser
  }

  return {
    provider,
    upstream,
    gateway,
    client: rawClient(gateway.port),
    clock,
    bearer(person) {
      const usual = provider.script.person
      if (person !== undefined) provider.script.person = person
      const token = provider.accessToken()
      provider.script.person = usual
      return { Authorization: `Bearer ${token}` }
    },
    async session() {
      const cookie = (await signIn()).jar.of(gateway.url).find(({ name }) => name === 'cloakroom')
      if (cookie === undefined) throw new Error(`nobody is signed in: ${gateway.logText()}`)
      return { Cookie: `cloakroom=${cookie.value}` }
    },
    async stop() {
      await Promise.all([gateway.stop(), provider.stop(), upstream.stop()])
    },
  }
}
