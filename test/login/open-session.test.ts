import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

const PAGE = { sameSite: true, topLevelNavigation: true, method: 'GET' }

describe('a session', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const ticketOf = (browser: Browser) => browser.jar.of(scene.url).find(({ name }) => name === 'cloakroom')?.value
  const carrying = (ticket: string | undefined) => {
    const browser = scene.newBrowser()
    browser.jar.store(scene.url, `cloakroom=${ticket}; Path=/; HttpOnly; SameSite=Strict`, PAGE)
    return browser
  }
  const me = (browser: Browser) => browser.fetch(`${scene.url}/me`)
  const bob = () => {
    scene.provider.script.person = the.bob()
  }
  const revoked = () => scene.provider.calls('revoke').map(({ form }) => form.get('token'))

  describe('has an id that nobody chose', () => {
    for (const [what, planted] of [
      ['a bare id', 'abcdefghijklmnopqrstuvwxyz012345'],
      ['a forged signature', 's%3Aabcdefghijklmnopqrstuvwxyz012345.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
      ['broken encoding', 's%3A%E0%A4%A'],
      ['JSON', 'j%3A%7B%22record%22%3A1%7D'],
      ['nothing', ''],
    ] as const) {
      it(`${what} does not survive a login`, async () => {
        const browser = carrying(planted)
        expect((await me(browser)).status).to.equal(401)
        await scene.signedIn(browser)
        expect(ticketOf(browser)).not.to.equal(planted)
        expect((await me(carrying(planted))).status).to.equal(401)
      })
    }

    it('the ticket of a living session does not survive a login either, and that session ends', async () => {
      const attacker = await scene.signedIn()
      const planted = ticketOf(attacker)
      const victim = carrying(planted)
      bob()
      await scene.signedIn(victim)
      expect(ticketOf(victim)).not.to.equal(planted)
      expect((await me(victim)).json().data.user.username).to.equal('bob')
      expect((await me(attacker)).status).to.equal(401)
    })

    it('it is new at every login', async () => {
      const browser = scene.newBrowser()
      const tickets = new Set<string | undefined>()
      for (let i = 0; i < 10; i++) tickets.add(ticketOf(await scene.signedIn(browser)))
      expect(tickets.size).to.equal(10)
      const [first = ''] = [...tickets]
      expect(Buffer.from(first.slice('s%3A'.length).split('.')[0] ?? '', 'base64url').length).to.be.at.least(16)
    })

    it('it is read from the cookie alone', async () => {
      const ticket = ticketOf(await scene.signedIn()) ?? ''
      for (const [path, headers] of [
        [`/me;cloakroom=${ticket}`, {}],
        [`/me?cloakroom=${ticket}`, {}],
        ['/me', { 'x-session-id': ticket, cloakroom: ticket }],
      ] as const) {
        const page = await scene.newBrowser().fetch(scene.url + path, { headers })
        expect(page.status).to.be.oneOf([400, 401])
      }
    })

    it('a ticket with one character changed opens nothing', async () => {
      const ticket = ticketOf(await scene.signedIn()) ?? ''
      for (const at of [5, 20, ticket.length - 3]) {
        const changed = ticket.slice(0, at) + (ticket[at] === 'A' ? 'B' : 'A') + ticket.slice(at + 1)
        expect((await me(carrying(changed))).status).to.equal(401)
      }
    })
  })

  describe('ends when someone signs in in its place', () => {
    it('in the same SSO session: the former refresh token is left alone, for revoking it would kill the new login', async () => {
      const browser = await scene.signedIn()
      const former = ticketOf(browser)
      bob()
      await scene.signedIn(browser)
      expect((await me(carrying(former))).status).to.equal(401)
      expect(revoked()).to.deep.equal([])
      scene.clock.advance('290s')
      expect((await scene.call(browser)).status).to.equal(200)
      expect(scene.provider.calls('token', { grant_type: 'refresh_token' })).to.have.length(1)
    })

    it('in another SSO session: the former refresh token is revoked', async () => {
      const tokens: unknown[] = []
      scene.provider.script.tokenAnswer = (answer) => {
        tokens.push(answer.refresh_token)
        return answer
      }
      const browser = await scene.signedIn()
      const former = ticketOf(browser)
      scene.provider.script.sid = 'another-sso-session'
      bob()
      await scene.signedIn(browser)
      expect((await me(carrying(former))).status).to.equal(401)
      expect(revoked()).to.deep.equal([tokens[0]])
    })

    it('and nothing of the former person is left', async () => {
      const browser = await scene.signedIn()
      bob()
      await scene.signedIn(browser)
      const { user } = (await me(browser)).json().data
      expect(user).to.deep.include({ username: 'bob', email: 'bob@builder.example', groups: [] })
      expect(user.roles).to.deep.equal(['realm:customer', 'realm:admin'])
      await scene.call(browser)
      expect(scene.api.last().header('x-user-id')).to.equal(the.bob().sub)
    })

    it('but lives on when that login fails', async () => {
      const browser = await scene.signedIn()
      scene.provider.reply('token', { status: 400, body: { error: 'invalid_grant' } }, 1)
      const failed = await browser.open(`${scene.url}/login`)
      expect(failed.status).to.equal(400)
      expect((await me(browser)).status).to.equal(200)
    })

    it('also when revoking fails', async () => {
      const browser = await scene.signedIn()
      const former = ticketOf(browser)
      scene.provider.script.sid = 'another-sso-session'
      scene.provider.reply('revoke', { status: 500 })
      await scene.signedIn(browser)
      expect((await me(browser)).status).to.equal(200)
      expect((await me(carrying(former))).status).to.equal(401)
    })
  })

  it('of one person in two browsers are two', async () => {
    const [one, two] = [await scene.signedIn(), await scene.signedIn()]
    expect(ticketOf(one)).not.to.equal(ticketOf(two))
    expect([(await me(one)).status, (await me(two)).status]).to.deep.equal([200, 200])
  })

  it('carried twice is refused, whichever comes first', async () => {
    const ticket = ticketOf(await scene.signedIn())
    const raw = rawClient(scene.gateway.port)
    for (const cookies of [`cloakroom=${ticket}; cloakroom=x`, `cloakroom=x; cloakroom=${ticket}`]) {
      const answer = await raw.ask({ target: '/me', headers: { Cookie: cookies } })
      expect(answer.status).to.equal(400)
      expect(answer.json().error.code).to.equal('INVALID_COOKIE')
    }
  })
})
