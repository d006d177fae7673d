import { expect } from 'chai'
import { decodeJwt } from 'jose'
import type { Browser } from '../../support/browser.ts'
import { type Scene, setScene } from '../../support/scene.ts'

describe('renewing tokens', () => {
  let scene: Scene
  let answers: Record<string, unknown>[]
  before(async () => {
    scene = await setScene({ env: { SESSION_IDLE_TIMEOUT: '7200' } })
  })
  after(() => scene.stop())
  beforeEach(() => {
    scene.provider.reset()
    scene.api.forget()
    answers = []
    scene.provider.script.tokenAnswer = (answer) => {
      answers.push(answer)
      return answer
    }
  })

  const refreshes = () => scene.provider.calls('token', { grant_type: 'refresh_token' })
  const session = (browser: Browser) => browser.fetch(`${scene.url}/session`)

  describe('happens when little of their life is left', () => {
    const lives: [life: number | undefined, quiet: string, due: string][] = [
      [300, '269s', '2s'],
      [3_600, '3569s', '2s'],
      [60, '47s', '2s'],
      [10, '7s', '2s'],
    ]
    for (const [life, quiet, due] of lives) {
      it(`of ${life} s: not after ${quiet}, but ${due} later`, async () => {
        scene.provider.script.expiresIn = life
        const browser = await scene.signedIn()
        scene.clock.advance(quiet)
        expect((await scene.call(browser)).status).to.equal(200)
        expect(refreshes()).to.have.length(0)
        scene.clock.advance(due)
        expect((await scene.call(browser)).status).to.equal(200)
        expect(refreshes()).to.have.length(1)
        expect(scene.relayed()).to.equal(answers[1]?.access_token)
        expect((await scene.call(browser)).status).to.equal(200)
        expect(refreshes()).to.have.length(1)
      })
    }

    it('of which the answer says nothing: then the token itself tells', async () => {
      scene.provider.script.tokenAnswer = ({ expires_in: _, ...answer }) => answer
      const browser = await scene.signedIn()
      scene.clock.advance('269s')
      await scene.call(browser)
      expect(refreshes()).to.have.length(0)
      scene.clock.advance('2s')
      expect((await scene.call(browser)).status).to.equal(200)
      expect(refreshes()).to.have.length(1)
      expect(decodeJwt(scene.relayed() ?? '').iat).to.equal(Math.floor(scene.clock.now() / 1000))
    })
  })

  for (const [what, late] of [
    ['about to expire', '290s'],
    ['expired', '301s'],
  ] as const) {
    it(`of a session ${what} is one call, though 200 ask at once`, async () => {
      const browser = await scene.signedIn()
      scene.api.forget()
      scene.clock.advance(late)
      const pages = await Promise.all(Array.from({ length: 200 }, () => scene.call(browser)))
      expect(pages.filter(({ status }) => status === 200)).to.have.length(200)
      expect(refreshes()).to.have.length(1)
      const relayed = new Set(scene.api.seen.map((seen) => seen.header('authorization')))
      expect([...relayed]).to.deep.equal([`Bearer ${answers[1]?.access_token}`])
    })
  }

  it('is one call for each session, not for all', async () => {
    const browsers = [await scene.signedIn(), await scene.signedIn(), await scene.signedIn()]
    scene.clock.advance('290s')
    await Promise.all(browsers.flatMap((browser) => Array.from({ length: 20 }, () => scene.call(browser))))
    expect(refreshes()).to.have.length(3)
  })

  it('uses each refresh token once, the newest next', async () => {
    const browser = await scene.signedIn()
    for (let i = 0; i < 5; i++) {
      scene.clock.advance('290s')
      expect((await scene.call(browser)).status).to.equal(200)
    }
    const used = refreshes().map(({ form }) => form.get('refresh_token'))
    expect(used).to.deep.equal(answers.slice(0, 5).map(({ refresh_token }) => refresh_token))
  })

  it('keeps the refresh token when the answer brings none', async () => {
    scene.provider.script.refresh.rotate = false
    const browser = await scene.signedIn()
    for (let i = 0; i < 3; i++) {
      scene.clock.advance('290s')
      expect((await scene.call(browser)).status).to.equal(200)
    }
    expect(new Set(refreshes().map(({ form }) => form.get('refresh_token')))).to.have.property('size', 1)
  })

  it('works without an ID token in the answer', async () => {
    scene.provider.script.refresh.idToken = false
    const browser = await scene.signedIn()
    scene.clock.advance('290s')
    expect((await scene.call(browser)).status).to.equal(200)
    const { user } = (await browser.fetch(`${scene.url}/me`)).json().data
    expect(user).to.deep.include({ username: 'alice', roles: ['realm:customer', 'client:orders-api:reader'] })
    const { stepUp } = (await session(browser)).json().data
    expect(stepUp.acr).to.equal('1')
  })

  it('is not possible without a refresh token: the session ends with its token', async () => {
    scene.provider.script.tokenAnswer = ({ refresh_token: _, ...answer }) => answer
    const browser = await scene.signedIn()
    scene.clock.advance('295s')
    expect((await scene.call(browser)).status).to.equal(200)
    scene.clock.advance('6s')
    expect((await scene.call(browser)).status).to.equal(401)
    expect(refreshes()).to.have.length(0)
  })

  it('brings changed roles, scopes and groups into force at once', async () => {
    const browser = await scene.signedIn()
    const statuses = async () =>
      Promise.all(
        ['staff', 'readers', 'support'].map(async (path) => (await scene.call(browser, `/api/${path}`)).status),
      )
    expect(await statuses()).to.deep.equal([403, 200, 200])
    const { person } = scene.provider.script
    Object.assign(person, { realmRoles: ['admin'], clientRoles: {}, groups: [] })
    expect(await statuses()).to.deep.equal([403, 200, 200])
    scene.clock.advance('290s')
    expect(await statuses()).to.deep.equal([200, 403, 403])
  })

  it('does not prolong the session beyond its absolute end', async () => {
    const browser = await scene.signedIn()
    const end = async () => (await session(browser)).json().data.absoluteExpiresAt
    const before = await end()
    scene.clock.advance('290s')
    await scene.call(browser)
    expect(await end()).to.equal(before)
  })
})
