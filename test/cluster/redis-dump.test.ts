import { expect } from 'chai'
import { createClient } from 'redis'
import type { Browser } from '../support/browser.ts'
import { logoutToken } from '../support/logout-token.ts'
import { rawClient } from '../support/raw-client.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

const ADDRESS = '203.0.113.77'
const KINDS = [
  ...['session', 'tokens', 'login', 'logout-jti', 'logout-mark-sid', 'logout-mark-sub'],
  ...['sessions-of-sub', 'sessions-of-sid', 'public-session', 'limit'],
]
const LIMITS = ['DEFAULT', 'LOGIN', 'MANAGEMENT', 'AUTH_FAILURES', 'BACKCHANNEL']

describe('Whoever reads the Redis of a busy gateway', () => {
  let redis: RedisServer
  let scene: Scene
  /** Everything that Redis must not tell, with a name to report it by. */
  const secrets = new Map<string, string>()
  before(async function () {
    needRedis(this)
    redis = await startRedis()
    const limits = Object.fromEntries(LIMITS.map((name) => [`RATE_LIMIT_${name}`, '6000/60']))
    scene = await setScene({ env: { REDIS_URL: redis.url, TRUSTED_PROXIES: '127.0.0.1', ...limits } })
    await beBusy()
  })
  after(async () => {
    await scene?.stop()
    await redis?.stop()
  })

  const agent = 'Mozilla/5.0 (CanaryOS; rv:1) CanaryBrowser/1'
  const headers = { 'x-forwarded-for': ADDRESS, 'user-agent': agent }
  const fetch = (browser: Browser, path: string, init = {}) => browser.fetch(scene.url + path, { headers, ...init })

  /** Sign-ins, refreshes, refusals, a logout of each kind, a login that is in flight. */
  async function beBusy(): Promise<void> {
    const { provider } = scene
    provider.script.tokenAnswer = (answer, grant) => {
      for (const kind of ['access_token', 'refresh_token', 'id_token']) remember(`${kind} of ${grant}`, answer[kind])
      return answer
    }
    const signIn = async (sid: string) => {
      provider.script.sid = sid
      const browser = scene.newBrowser()
      await browser.open(`${scene.url}/login?returnTo=/api/orders?canary-return`, { headers })
      return browser
    }
    const [stays, leaves, ended] = [
      await signIn('canary-sid-1'),
      await signIn('canary-sid-2'),
      await signIn('canary-sid-3'),
    ]
    const [ticket] = stays.jar.of(scene.url)
    remember(
      'signature of the cookie',
      decodeURIComponent(ticket?.value ?? '')
        .split('.')
        .at(-1),
    )
    scene.clock.advance('290s')
    for (const browser of [stays, leaves, ended]) expect((await fetch(browser, '/api/orders')).status).to.equal(200)
    const bearer = provider.accessToken({ claims: { sub: 'canary-service' } })
    remember('bearer token', bearer)
    await scene.bearer(bearer)
    await scene.bearer(`${bearer}x`)
    await leaves.fetch(`${scene.url}/logout`, { method: 'POST', headers: { ...headers, 'x-csrf': '1' } })
    const jti = 'canary-jti'
    for (const claims of [
      { jti, sid: 'canary-sid-3' },
      { jti: `${jti}-2`, sid: undefined, sub: the.bob().sub },
    ]) {
      const token = logoutToken(provider, scene.clock.now(), { claims })
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
      await rawClient(scene.gateway.port).ask({
        method: 'POST',
        target: '/backchannel-logout',
        headers: type,
        body: `logout_token=${token}`,
      })
    }
    const pending = await scene.newBrowser().open(`${scene.url}/login?returnTo=/api/orders?canary-return`, {
      headers,
      until: (url) => url.includes('/authorize'),
    })
    const request = new URL(pending.next?.url ?? '').searchParams
    for (const name of ['state', 'nonce', 'code_challenge']) remember(name, request.get(name))
    for (const [name, value] of Object.entries(the.alice())) if (typeof value === 'string') remember(name, value)
    remember('address', ADDRESS)
    remember('own address', '127.0.0.1')
    remember('anything that calls itself a canary', 'canary')
    remember('browser', 'CanaryBrowser')
    remember('role', 'customer')
    remember('sub of a logout', the.bob().sub)
  }

  function remember(name: string, value: unknown): void {
    if (typeof value !== 'string' || value.length < 5) throw new Error(`the test has no ${name}`)
    secrets.set(name, value)
  }

  it('finds sessions, logins, marks and limits, and nothing that tells who was here or lets in', async () => {
    const dump = await readEverything(redis.url)
    for (const kind of KINDS) expect(dump, kind).to.include(`cloakroom:${kind}:`)
    for (const [name, secret] of secrets)
      for (const form of spellings(secret))
        expect(dump.includes(form), `${name} is in Redis as ${form}`).to.equal(false)
  })

  it('finds nothing that stays for ever', async () => {
    const spy = createClient({ url: redis.url })
    await spy.connect()
    for (const key of await spy.keys('*')) expect(await spy.pTTL(key), key).to.be.above(0)
    spy.destroy()
  })
})

/** How a text may lie in a store: as it is, and inside base64 at each of its three offsets, in hex, in a URL. */
function spellings(secret: string): string[] {
  const inside = [0, 1, 2].map((shift) =>
    Buffer.from('x'.repeat(shift) + secret)
      .toString('base64url')
      .slice(shift === 0 ? 0 : 4, -4),
  )
  const whole = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex')]
  // A token is recognised by its beginning and its end, which differ from token to token only in the end.
  const end = secret.length > 100 ? [secret.slice(-43)] : []
  return [...whole, ...end, ...inside.filter((text) => text.length > 5)]
}

/** Every key with its value, whatever its type. */
async function readEverything(url: string): Promise<string> {
  const spy = createClient({ url })
  await spy.connect()
  const lines: string[] = []
  for (const key of await spy.keys('*')) {
    const type = await spy.type(key)
    const readers: Record<string, () => Promise<unknown>> = {
      string: () => spy.get(key),
      hash: () => spy.hGetAll(key),
      zset: () => spy.zRangeWithScores(key, 0, -1),
      set: () => spy.sMembers(key),
      list: () => spy.lRange(key, 0, -1),
    }
    const read = readers[type]
    if (read === undefined) throw new Error(`the test cannot read a ${type} yet`)
    lines.push(`${key} ${JSON.stringify(await read())}`)
  }
  spy.destroy()
  return lines.join('\n')
}
