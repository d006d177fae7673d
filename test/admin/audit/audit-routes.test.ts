import { expect } from 'chai'
import type { Browser } from '../../support/browser.ts'
import { logoutToken } from '../../support/logout-token.ts'
import { rawClient } from '../../support/raw-client.ts'
import { type Scene, setScene } from '../../support/scene.ts'
import { the } from '../../support/the.ts'

const PATH = '/api/v1/admin/audit'
const CSRF = { 'x-csrf': '1' }

interface Shown {
  id: string
  at: string
  actor: { kind: string; id: string | null; username: string | null }
  action: string
  target: { kind: string; id: string | null } | null
  outcome: string
  after: Record<string, unknown> | null
  address: string
  correlationId: string
}

describe('The audit trail of a gateway', () => {
  let scene: Scene
  let admin: Browser
  beforeEach(async () => {
    scene = await setScene()
    scene.provider.script.person = the.bob()
    scene.provider.script.sid = 'sso-of-bob'
    admin = await scene.signedIn()
    scene.provider.reset()
  })
  afterEach(() => scene.stop())

  const get = (query = '') => admin.fetch(`${scene.url}${PATH}${query}`)
  /** Rows are written in the background; waits until there are as many. */
  async function events(query: string, least = 1): Promise<Shown[]> {
    for (;;) {
      const page = await get(query)
      expect(page.status, page.body).to.equal(200)
      const shown = page.json().data.events as Shown[]
      if (shown.length >= least) return shown
    }
  }

  it('tells who signed in, from where, and under which id the log knows it', async () => {
    const [login] = await events('?action=session.login')
    const { sub } = the.bob()
    expect(login).to.deep.include({
      at: new Date(scene.clock.now()).toISOString(),
      actor: { kind: 'user', id: sub, username: 'bob', client: null },
      target: { kind: 'user', id: sub },
      outcome: 'ok',
      after: null,
      address: '127.0.0.1',
    })
    const ofLogin = () => scene.gateway.logged().find(({ correlationId }) => correlationId === login?.correlationId)
    // Lines of the log are written some at a time.
    while (ofLogin() === undefined) await get('?max=1')
    expect(ofLogin()).to.include({ path: '/callback' })
  })

  it('tells of sign-outs, of the provider ending sessions, and of one session giving way to another', async () => {
    const alice = await scene.signedIn()
    await scene.signedIn(alice)
    await alice.fetch(`${scene.url}/logout`, { method: 'POST', headers: CSRF })
    await scene.signedIn()
    await rawClient(scene.gateway.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Host: `localhost:${scene.gateway.port}` },
      body: `logout_token=${logoutToken(scene.provider, scene.clock.now(), {})}`,
    })
    const [ended] = await events('?action=session.backchannel-logout')
    expect(ended).to.deep.include({ target: { kind: 'session', id: the.alice().sub }, after: { browserSessions: 1 } })
    expect(ended?.actor.kind).to.equal('provider')
    const ofAlice = await events(`?actor=alice`)
    expect(ofAlice.map(({ action }) => action)).to.deep.equal([
      'session.login',
      'session.logout',
      'session.login',
      'session.account-switch',
      'session.login',
    ])
    expect(ofAlice[3]?.after).to.deep.equal({ formerUser: 'alice', sameUser: true })
  })

  it('tells of a failed sign-in that began here', async () => {
    scene.provider.script.authorize = (answer) => {
      answer.delete('code')
      answer.set('error', 'access_denied')
    }
    await scene.newBrowser().open(`${scene.url}/login`)
    const failed = await events('?outcome=failed')
    expect(failed.map(({ action, actor, after }) => [action, actor.kind, after])).to.deep.equal([
      ['session.login', 'anonymous', { error: 'LOGIN_DENIED' }],
    ])
  })

  it('tells who cleared which caches', async () => {
    const body = JSON.stringify({ caches: ['jwks'] })
    const headers = { ...CSRF, 'content-type': 'application/json' }
    await admin.fetch(`${scene.url}/cache/clear`, { method: 'POST', headers, body })
    const [cleared] = await events('?action=cache.clear&actor=bob')
    expect(cleared).to.deep.include({ outcome: 'ok', after: { cleared: ['jwks'], instances: 1 } })
  })

  it('holds no token, ticket or secret of those who signed in', async () => {
    const alice = await scene.signedIn()
    await scene.call(alice)
    const ticket = alice.jar.of(scene.url).find(({ name }) => name === 'cloakroom')?.value ?? ''
    await events('?action=session.login', 2)
    const { body } = await get('?max=200')
    for (const secret of [scene.relayed() ?? '', ticket, decodeURIComponent(ticket), the.clientSecret, 'sso-of-'])
      expect(secret)
        .to.have.lengthOf.above(5)
        .and.satisfy((text: string) => !body.includes(text))
  })

  it('is shown by pages that fit together, for as long as `next` says', async () => {
    for (let i = 0; i < 6; i++) await scene.signedIn()
    await events('?action=session.login', 7)
    const ids: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { data } = (await get(`?max=3${next === '' ? '' : `&after=${next}`}`)).json()
      expect(data.events.length).to.be.at.most(3)
      ids.push(...data.events.map(({ id }: Shown) => id))
      next = data.next
    }
    expect(ids.map((id) => Number(id.split('#')[1]))).to.deep.equal([8, 7, 6, 5, 4, 3, 2, 1])
  })

  it('is for administrators only', async () => {
    const alice = await scene.signedIn()
    expect((await alice.fetch(scene.url + PATH)).status).to.equal(403)
    expect((await scene.newBrowser().fetch(scene.url + PATH)).status).to.equal(401)
    expect((await admin.fetch(scene.url + PATH, { method: 'POST', headers: CSRF })).status).to.equal(405)
    expect((await admin.fetch(`${scene.url}${PATH}/`)).status).to.equal(404)
  })

  const BAD: [query: string, field: string][] = [
    ['?max=0', 'max'],
    ['?max=201', 'max'],
    ['?max=1e2', 'max'],
    ['?max=2&max=3', 'max'],
    ['?actor=', 'actor'],
    [`?actor=${'x'.repeat(256)}`, 'actor'],
    ['?actor[]=x', 'actor[]'],
    ['?target=a&target=b', 'target'],
    ["?action=session.login'--", 'action'],
    ['?action=constructor', 'action'],
    ['?outcome=OK', 'outcome'],
    ['?from=yesterday', 'from'],
    ['?from=2026-13-01T00:00:00Z', 'from'],
    ['?to=1700000000', 'to'],
    ['?to=2026-01-01', 'to'],
    ['?after=x', 'after'],
    [`?after=${Buffer.from("1 w-1' or 1=1 1").toString('base64url')}`, 'after'],
    [`?after=${'A'.repeat(500)}`, 'after'],
    ['?order=asc', 'order'],
    ['?__proto__=1', '__proto__'],
  ]
  it('refuses filters that cannot be, and names the field', async () => {
    for (const [query, field] of BAD) {
      const page = await get(query)
      expect([page.status, page.json().error?.details.fields?.[0].field], query).to.deep.equal([400, field])
    }
    for (const query of [
      "?actor=' or 1=1 --",
      '?target=%25',
      '?correlationId=_',
      '?actor=%F0%9F%A6%9D',
      '?from=2030-01-01T00:00:00%2B01:00',
    ])
      expect((await get(query)).json().data.events, query).to.deep.equal([])
  })
})
