import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { newSigningKey, type SigningKey } from '../support/jwt-forge.ts'
import { LOGOUT_EVENT, type LogoutTokenChanges, logoutToken } from '../support/logout-token.ts'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'
import { WRONG_LOGOUT_TOKENS } from './wrong-logout-tokens.ts'

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

  const token = (changes: LogoutTokenChanges = {}) => logoutToken(scene.provider, scene.clock.now(), changes)

  const send = (body: string, contentType = 'application/x-www-form-urlencoded') =>
    rawClient(scene.gateway.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': contentType, Host: 'gateway.internal' },
      body,
    })
  const post = (text: string) => send(`logout_token=${text}`)
  const status = async (browser: Browser) => (await scene.call(browser)).status

  it('ends the session it names, with an empty 200 that nobody stores', async () => {
    const browser = await scene.signedIn()
    const answer = await post(token())
    expect([answer.status, answer.body.length, answer.header('cache-control')]).to.deep.equal([200, 0, 'no-store'])
    expect(await status(browser)).to.equal(401)
  })

  it('ends every session of a person when it names no session, and nobody else is touched', async () => {
    const alices = [await scene.signedIn(), await scene.signedIn()]
    scene.provider.script.person = the.bob()
    scene.provider.script.sid = 'sso-of-bob'
    const bob = await scene.signedIn()
    scene.provider.reset()
    expect((await post(token({ claims: { sid: undefined } }))).status).to.equal(200)
    for (const browser of alices) expect(await status(browser)).to.equal(401)
    expect(await status(bob)).to.equal(200)
  })

  it('that names both ends what fits both, and nothing when they do not fit together', async () => {
    const browser = await scene.signedIn()
    expect((await post(token({ claims: { sub: the.bob().sub } }))).status).to.equal(200)
    expect(await status(browser)).to.equal(200)
    expect((await post(token())).status).to.equal(200)
    expect(await status(browser)).to.equal(401)
  })

  it('of one session leaves another session of the same person alone', async () => {
    const home = await scene.signedIn()
    scene.provider.script.sid = 'sso-at-work'
    const work = await scene.signedIn()
    scene.provider.reset()
    expect((await post(token({ claims: { sid: 'sso-at-work' } }))).status).to.equal(200)
    expect([await status(home), await status(work)]).to.deep.equal([200, 401])
  })

  it('needs no cookie, no proof and no origin, and is not disturbed by them', async () => {
    const browser = await scene.signedIn()
    const answer = await rawClient(scene.gateway.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        Origin: 'https://elsewhere.example',
        'Sec-Fetch-Site': 'cross-site',
        Cookie: 'cloakroom=s%3Abroken.cookie',
      },
      body: `logout_token=${token({ claims: { aud: ['other', 'cloakroom'] } })}`,
    })
    expect(answer.status).to.equal(200)
    expect(await status(browser)).to.equal(401)
  })

  it('does not end a login that came after it', async () => {
    const late = token({ claims: { sid: undefined } })
    scene.clock.advance('5s')
    const browser = await scene.signedIn()
    expect((await post(late)).status).to.equal(200)
    expect(await status(browser)).to.equal(200)
  })

  it('is 200 also when there is no such session any more, and ignores what it does not know', async () => {
    expect((await post(`${token({ claims: { sid: 'gone', extra: 1 } })}&other=1`)).status).to.equal(200)
    expect((await post(token({ header: { typ: 'JWT' } }))).status).to.equal(200)
    expect(
      (
        await post(
          token({
            header: { typ: undefined },
            claims: { events: { [LOGOUT_EVENT]: {}, revoke_offline_access: true } },
          }),
        )
      ).status,
    ).to.equal(200)
  })

  it('refuses a token that was used before', async () => {
    const used = token()
    expect((await post(used)).status).to.equal(200)
    expect((await post(used)).status).to.equal(400)
  })

  it('ends a login that is in flight', async () => {
    const hold = scene.provider.hold('token')
    const browser = scene.newBrowser()
    const login = browser.open(`${scene.url}/login?returnTo=/api/orders`)
    await hold.arrived
    expect((await post(token())).status).to.equal(200)
    hold.release()
    expect((await login).status).to.equal(400)
    expect(await status(browser)).to.equal(401)
    scene.clock.advance('5ms')
    expect(await status(await scene.signedIn(browser)), 'a new login within the same second').to.equal(200)
  })

  for (const [what, changes] of WRONG_LOGOUT_TOKENS) {
    it(`refuses ${what} with 400, and the session lives`, async () => {
      const browser = await scene.signedIn()
      expect(
        (await post(token(changes({ provider: scene.provider, now: scene.clock.now(), stranger, elliptic })))).status,
      ).to.equal(400)
      expect(await status(browser)).to.equal(200)
    })
  }

  const REQUESTS: [what: string, body: () => string, contentType?: string][] = [
    ['nothing', () => ''],
    ['an empty token', () => 'logout_token='],
    ['two tokens', () => `logout_token=${token()}&logout_token=${token()}`],
    ['what is no token', () => 'logout_token=abc'],
    ['JSON', () => JSON.stringify({ logout_token: token() }), 'application/json'],
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
    const used = token()
    const answer = await rawClient(other.gateway.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${used}`,
    })
    expect(answer.status).to.equal(503)
    await other.stop()
  })
})
