import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { breakSignature, forgeJwt, newSigningKey, publicPem, type SigningKey } from '../support/jwt-forge.ts'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const SID = 'sso-of-the-browser'

describe('Back-channel logout', () => {
  let scene: Scene
  let stranger: SigningKey
  let elliptic: SigningKey

  before(async () => {
    scene = await setScene({ env: { RATE_LIMIT_BACKCHANNEL: 'off' } })
    stranger = await newSigningKey()
    elliptic = await newSigningKey('ES256')
  })
  beforeEach(() => scene.clock.advance('5ms'))
  after(() => scene.stop())

  interface Changes {
    header?: Record<string, unknown>
    claims?: Record<string, unknown>
    sign?: { alg: string; key?: SigningKey['privateKey'] | string }
    text?: (token: string) => string
  }

  function logoutToken({ header = {}, claims = {}, sign, text = (token) => token }: Changes = {}): string {
    const key = scene.provider.key()
    const now = Math.floor(scene.clock.now() / 1000)
    const usual = {
      iss: scene.provider.issuer,
      aud: 'cloakroom',
      iat: now,
      exp: now + 120,
      jti: randomUUID(),
      typ: 'Logout',
      sub: the.alice().sub,
      sid: SID,
      events: { [EVENT]: {} },
    }
    const token = {
      header: { alg: 'RS256', typ: 'logout+jwt', kid: key.kid, ...header },
      payload: { ...usual, ...claims },
    }
    return text(forgeJwt({ ...token, alg: 'RS256', key: key.privateKey, ...sign }))
  }

  const send = (body: string, contentType = 'application/x-www-form-urlencoded') =>
    rawClient(scene.gateway.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': contentType, Host: 'gateway.internal' },
      body,
    })
  const post = (token: string) => send(`logout_token=${token}`)
  const status = async (browser: Browser) => (await scene.call(browser)).status

  it('ends the session it names, with an empty 200 that nobody stores', async () => {
    const browser = await scene.signedIn()
    const answer = await post(logoutToken())
    expect([answer.status, answer.body.length, answer.header('cache-control')]).to.deep.equal([200, 0, 'no-store'])
    expect(await status(browser)).to.equal(401)
  })

  it('ends every session of a person when it names no session, and nobody else is touched', async () => {
    const alices = [await scene.signedIn(), await scene.signedIn()]
    scene.provider.script.person = the.bob()
    scene.provider.script.sid = 'sso-of-bob'
    const bob = await scene.signedIn()
    scene.provider.reset()
    expect((await post(logoutToken({ claims: { sid: undefined } }))).status).to.equal(200)
    for (const browser of alices) expect(await status(browser)).to.equal(401)
    expect(await status(bob)).to.equal(200)
  })

  it('does not end a login that came after it', async () => {
    const late = logoutToken({ claims: { sid: undefined } })
    scene.clock.advance('5s')
    const browser = await scene.signedIn()
    expect((await post(late)).status).to.equal(200)
    expect(await status(browser)).to.equal(200)
  })

  it('is 200 also when there is no such session any more, and ignores what it does not know', async () => {
    expect((await post(`${logoutToken({ claims: { sid: 'gone', extra: 1 } })}&other=1`)).status).to.equal(200)
    expect((await post(logoutToken({ header: { typ: 'JWT' } }))).status).to.equal(200)
    expect(
      (
        await post(
          logoutToken({ header: { typ: undefined }, claims: { events: { [EVENT]: {}, revoke_offline_access: true } } }),
        )
      ).status,
    ).to.equal(200)
  })

  it('refuses a token that was used before', async () => {
    const token = logoutToken()
    expect((await post(token)).status).to.equal(200)
    expect((await post(token)).status).to.equal(400)
  })

  it('ends a login that is in flight', async () => {
    const hold = scene.provider.hold('token')
    const browser = scene.newBrowser()
    const login = browser.open(`${scene.url}/login?returnTo=/api/orders`)
    await hold.arrived
    expect((await post(logoutToken())).status).to.equal(200)
    hold.release()
    expect((await login).status).to.equal(400)
    expect(await status(browser)).to.equal(401)
    scene.clock.advance('5ms')
    expect(await status(await scene.signedIn(browser)), 'a new login within the same second').to.equal(200)
  })

  const nowPlus = (seconds: number) => () => Math.floor(scene.clock.now() / 1000) + seconds
  const WRONG: [what: string, changes: () => Changes][] = [
    ['a broken signature', () => ({ text: breakSignature })],
    ['no signature', () => ({ header: { alg: 'none' }, sign: { alg: 'none' } })],
    [
      'a signature with the public key as secret',
      () => ({ header: { alg: 'HS256' }, sign: { alg: 'HS256', key: publicPem(scene.provider.key()) } }),
    ],
    [
      'another algorithm',
      () => ({ header: { alg: 'ES256', kid: elliptic.kid }, sign: { alg: 'ES256', key: elliptic.privateKey } }),
    ],
    ["a stranger's key", () => ({ sign: { alg: 'RS256', key: stranger.privateKey } })],
    ['another type in the header', () => ({ header: { typ: 'at+jwt' } })],
    ['the type of an ID token', () => ({ claims: { typ: 'ID' } })],
    ...['iss', 'aud', 'iat', 'exp', 'jti', 'events'].map((name): [string, () => Changes] => [
      `no ${name}`,
      () => ({ claims: { [name]: undefined } }),
    ]),
    ['another issuer', () => ({ claims: { iss: `${scene.provider.issuer}/` } })],
    ['another audience', () => ({ claims: { aud: 'somebody' } })],
    ['an expiry in the past', () => ({ claims: { exp: nowPlus(-60)() } })],
    ['an issue in the future', () => ({ claims: { iat: nowPlus(120)() } })],
    ['an issue an hour ago', () => ({ claims: { iat: nowPlus(-3600)() } })],
    ['a nonce', () => ({ claims: { nonce: 'x' } })],
    ['an empty nonce', () => ({ claims: { nonce: null } })],
    ['neither sub nor sid', () => ({ claims: { sub: undefined, sid: undefined } })],
    ['an empty sid', () => ({ claims: { sid: '' } })],
    ['a sid that is no text', () => ({ claims: { sid: { a: 1 } } })],
    ['a very long sid', () => ({ claims: { sid: 'x'.repeat(10_000) } })],
    ['a jti that is no text', () => ({ claims: { jti: 7 } })],
    ['events as a list', () => ({ claims: { events: [EVENT] } })],
    ['another event', () => ({ claims: { events: { 'http://schemas.openid.net/event/other': {} } } })],
    ['an event that says nothing', () => ({ claims: { events: { [EVENT]: null } } })],
  ]
  for (const [what, changes] of WRONG) {
    it(`refuses ${what} with 400, and the session lives`, async () => {
      const browser = await scene.signedIn()
      expect((await post(logoutToken(changes()))).status).to.equal(400)
      expect(await status(browser)).to.equal(200)
    })
  }

  const REQUESTS: [what: string, body: () => string, contentType?: string][] = [
    ['nothing', () => ''],
    ['an empty token', () => 'logout_token='],
    ['two tokens', () => `logout_token=${logoutToken()}&logout_token=${logoutToken()}`],
    ['what is no token', () => 'logout_token=abc'],
    ['JSON', () => JSON.stringify({ logout_token: logoutToken() }), 'application/json'],
    ['a body that is too long', () => `logout_token=${'x'.repeat(20_000)}`],
  ]
  for (const [what, body, contentType] of REQUESTS) {
    it(`refuses ${what} with 400`, async () => expect((await send(body(), contentType)).status).to.equal(400))
  }

  it('takes nothing but POST', async () => {
    expect((await rawClient(scene.gateway.port).ask({ target: '/backchannel-logout' })).status).to.equal(405)
  })

  it('is 503 when there are no keys to check with', async () => {
    const other = await setScene({ env: { RATE_LIMIT_BACKCHANNEL: 'off' } })
    await other.provider.goAway()
    const token = logoutToken()
    const answer = await rawClient(other.gateway.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${token}`,
    })
    expect(answer.status).to.equal(503)
    await other.stop()
  })
})
