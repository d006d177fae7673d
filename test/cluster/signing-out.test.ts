import { expect } from 'chai'
import { logoutToken } from '../support/logout-token.ts'
import { needRedis } from '../support/redis-server.ts'
import { the } from '../support/the.ts'
import { type Cluster, startCluster } from './cluster.ts'
import type { Instance } from './instance.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const ONESELF = 'ending it in the list of one’s own sessions'

/** Every way in which a session ends at one instance; each answers its status. */
const WAYS: [what: string, end: (at: Instance, ticket: string, cluster: Cluster) => Promise<number>][] = [
  ['signing out', async (at, ticket) => (await at.call(ticket, '/logout', { method: 'POST' })).status],
  [
    'a back-channel logout',
    async (at, _ticket, { provider }) => {
      const answer = await at.client.ask({
        method: 'POST',
        target: '/backchannel-logout',
        headers: FORM,
        body: `logout_token=${logoutToken(provider, Date.now())}`,
      })
      return answer.status
    },
  ],
  [
    'the kick of an administrator',
    async (at, _ticket, { provider }) => {
      const token = provider.accessToken({
        claims: { sub: the.bob().sub, realm_access: { roles: ['admin'] }, sid: 'sso-of-the-administrator' },
      })
      const target = `/api/v1/admin/users/${the.alice().sub}/sessions`
      const headers = { Authorization: `Bearer ${token}` }
      return (await at.client.ask({ method: 'DELETE', target, headers })).status
    },
  ],
  [
    ONESELF,
    async (at, ticket) => {
      const list = await at.call(ticket, '/api/v1/users/me/sessions')
      const own = list.json().data.sessions.find(({ current }: { current: boolean }) => current)
      return (await at.call(ticket, `/api/v1/users/me/sessions/${own?.id}`, { method: 'DELETE' })).status
    },
  ],
]

describe('On three gateway processes that remember sessions for a minute', function () {
  this.timeout(60_000)
  let cluster: Cluster
  before(async function () {
    needRedis(this)
    cluster = await startCluster(3)
  })
  after(() => cluster?.stop())
  beforeEach(() => {
    cluster.provider.reset()
    cluster.api.forget()
  })

  const statuses = (ticket: string) =>
    Promise.all(cluster.instances.map(async (instance) => (await instance.call(ticket)).status))
  const three = () => {
    const [first, second, third] = cluster.instances
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are not three')
    return [first, second, third] as const
  }
  const late = async (at: Instance) => at.counted('cloakroom_messages_total', { outcome: 'late' })

  it('a session that began at one is good at all', async () => {
    expect(await statuses(await cluster.signIn())).to.deep.equal([200, 200, 200])
  })

  for (const [what, claims] of [
    ['its provider session', {}],
    ['the person', { sid: undefined }],
  ] as const) {
    it(`a back-channel logout of ${what} at one ends a login that is in flight at another, but not the next`, async () => {
      const [, second] = three()
      const hold = cluster.provider.hold('token')
      const login = cluster.signIn().catch((error: Error) => error.message)
      await hold.arrived
      const answer = await second.client.ask({
        method: 'POST',
        target: '/backchannel-logout',
        headers: FORM,
        // By the provider's clock the login comes before it, also where the answer takes a while.
        body: `logout_token=${logoutToken(cluster.provider, Date.now() + 9_000, { claims })}`,
      })
      expect(answer.status).to.equal(200)
      hold.release()
      expect(await login).to.match(/^signing in ended at .* with 400/)
      expect(await statuses(await cluster.signIn())).to.deep.equal([200, 200, 200])
    })
  }

  for (const [what, end] of WAYS) {
    describe(`${what} at one`, () => {
      it('holds at all when its answer arrives, also while a request is in flight', async () => {
        const ticket = await cluster.signIn()
        expect(await statuses(ticket)).to.deep.equal([200, 200, 200])
        const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
        cluster.api.on('/api/orders/slow', async (_seen, res) => {
          await mayAnswer
          res.end('late')
        })
        const [first, second] = three()
        const before = await late(first)
        const arrived = cluster.api.next()
        const inFlight = second.call(ticket, '/api/orders/slow')
        await arrived
        expect(await end(first, ticket, cluster)).to.equal(200)
        expect(await statuses(ticket)).to.deep.equal([401, 401, 401])
        answer()
        expect((await inFlight).status).to.equal(200)
        expect(await statuses(ticket), 'the late answer revived it').to.deep.equal([401, 401, 401])
        expect(await late(first)).to.equal(before)
      })

      it('holds at an instance that was stopped meanwhile, from its first request on, and nobody waits for it', async () => {
        const ticket = await cluster.signIn()
        expect(await statuses(ticket)).to.deep.equal([200, 200, 200])
        const [first, , third] = three()
        const before = await late(first)
        third.freeze()
        // It lies in the socket of the instance that sleeps, and is the first that it sees.
        const waiting = third.call(ticket)
        try {
          expect(await end(first, ticket, cluster)).to.equal(200)
          expect(await late(first)).to.equal(before + 1)
        } finally {
          third.thaw()
        }
        expect((await third.call(ticket)).status).to.equal(401)
        expect((await waiting).status).to.equal(401)
        expect(await statuses(await cluster.signIn()), 'all is well again').to.deep.equal([200, 200, 200])
      })

      // The list is shown only to who has a token that lives, so nobody gets there before the refresh is over.
      if (what === ONESELF) return
      it('during a refresh at another: what the provider answers is discarded and revoked', async () => {
        const ticket = await cluster.signInAndExpire()
        const fresh: unknown[] = []
        cluster.provider.script.tokenAnswer = (answer) => {
          fresh.push(answer.refresh_token)
          return answer
        }
        const hold = cluster.provider.hold('token')
        const [first, second] = three()
        const running = second.call(ticket)
        await hold.arrived
        expect(await end(first, ticket, cluster)).to.equal(200)
        // The revocation of the old token ended the grant; this provider answers the refresh all the same.
        cluster.provider.revive()
        hold.release()
        expect((await running).status).to.equal(401)
        const revoked = cluster.provider.calls('revoke').map(({ form }) => form.get('token'))
        expect(fresh).to.have.length(1)
        expect(revoked).to.include(fresh[0])
        expect(await statuses(ticket)).to.deep.equal([401, 401, 401])
      })
    })
  }
})
