import { expect } from 'chai'
import { publicSessionId, publicSsoSessionId } from '../../../src/identity/session/public-session-id.ts'
import { type Desk, openDesk } from '../../account/session-desk-world.ts'

describe('An administrator and the sessions of others', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk()
    await desk.signIn('phone', 'alice', { tenant: 'acme' })
    desk.clock.advance('60s')
    await desk.signIn('laptop', 'alice', { tenant: 'acme' })
    await desk.signIn('of-bob', 'bob', { tenant: 'globex' })
    await desk.signIn('desk', 'ada')
    desk.bySession('desk', 'ada')
  })
  afterEach(() => desk.close())
  const lives = async (id: string) => (await desk.store.read(id)) !== undefined
  const idsAt = async (path: string) =>
    (await desk.ask(path)).body.data.sessions.map(({ id }: { id: string }) => id) as string[]

  it('lists those of a person with what its owner does not see', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    const { headers, body } = await desk.ask('/admin/users/alice/sessions')
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(body.data).to.include({ total: 3, keycloak: 'available' })
    const [laptop, , elsewhere] = body.data.sessions
    expect(laptop).to.deep.include({
      id: publicSessionId('laptop'),
      user: { id: 'alice', username: 'alice' },
      tenant: 'acme',
      sid: 'sid-of-laptop',
      current: false,
    })
    expect(elsewhere).to.deep.include({ kind: 'keycloak', sid: 'elsewhere', user: { id: 'alice', username: null } })
    expect((await desk.ask('/admin/users/ada/sessions')).body.data.sessions[0].current).to.equal(true)
  })

  it('lists those of a provider session, and those of a tenant', async () => {
    await desk.signIn('second', 'alice', { providerSessionId: 'sid-of-phone' })
    expect(await idsAt('/admin/sessions?sid=sid-of-phone')).to.have.members(['phone', 'second'].map(publicSessionId))
    expect(await idsAt('/admin/sessions?tenant=acme')).to.deep.equal(['laptop', 'phone'].map(publicSessionId))
    expect(await idsAt('/admin/sessions?tenant=acme&first=1&max=1')).to.deep.equal([publicSessionId('phone')])
    const tenant = (await desk.ask('/admin/sessions?tenant=acme')).body.data
    expect(tenant).to.include({ total: 2, keycloak: 'not-asked' })
    for (const none of ['sid=nobody', 'tenant=nobody', 'tenant=__proto__'])
      expect((await desk.ask(`/admin/sessions?${none}`)).body.data).to.deep.include({
        sessions: [],
        total: 0,
        keycloak: 'not-asked',
      })
  })

  it('ends one by its id, whosever it is', async () => {
    const { body } = await desk.ask(`/admin/sessions/${publicSessionId('of-bob')}`, 'DELETE')
    expect(body.data).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect(desk.ended).to.deep.equal(['of-bob ended-by-administrator'])
    expect(desk.keycloak.sids()).not.to.include('sid-of-of-bob')
  })

  it('is written into the audit trail: who ended what, and what became of it', async () => {
    await desk.ask(`/admin/sessions/${publicSessionId('of-bob')}`, 'DELETE')
    await desk.ask('/admin/users/alice/sessions', 'DELETE')
    await desk.ask('/admin/users/nobody-known/sessions', 'DELETE')
    const told = desk.audited.map(({ action, outcome, actor, target, after }) => ({
      action,
      outcome,
      by: actor.id,
      target,
      after,
    }))
    expect(told).to.deep.equal([
      {
        action: 'session.end',
        outcome: 'ok',
        by: 'ada',
        target: { kind: 'session', id: publicSessionId('of-bob') },
        after: { ended: 1, keycloak: 'ended' },
      },
      {
        action: 'session.end-all',
        outcome: 'ok',
        by: 'ada',
        target: { kind: 'user', id: 'alice' },
        after: { ended: 2, keycloak: 'ended' },
      },
    ])
  })

  it('ends everything of a person: here, at Keycloak, offline', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    desk.keycloak.open('alice', 'app', { offline: true })
    const { body } = await desk.ask('/admin/users/alice/sessions', 'DELETE')
    expect(body.data).to.deep.equal({ ended: 2, keycloak: 'ended' })
    expect(desk.keycloak.sids()).to.have.members(['sid-of-of-bob', 'sid-of-desk'])
    expect([await lives('of-bob'), await lives('desk')]).to.deep.equal([true, true])
  })

  it('ends all of a provider session, also one that only Keycloak knows', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    const end = async (sid: string) => (await desk.ask(`/admin/sessions?sid=${sid}`, 'DELETE')).body.data
    expect(await end('sid-of-phone')).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect(await end('elsewhere')).to.deep.equal({ ended: 0, keycloak: 'ended' })
    expect(await end('elsewhere')).to.deep.equal({ ended: 0, keycloak: 'none' })
    expect(await lives('laptop')).to.equal(true)
  })

  it('ends all of a tenant and nobody else', async () => {
    const { body } = await desk.ask('/admin/sessions?tenant=acme', 'DELETE')
    expect(body.data).to.deep.equal({ ended: 2, keycloak: 'ended' })
    expect(desk.keycloak.sids()).to.have.members(['sid-of-of-bob', 'sid-of-desk'])
  })

  it('ends more sessions than are ended at once', async () => {
    for (let i = 0; i < 70; i++) await desk.signIn(`many-${i}`, 'carol')
    expect((await desk.ask('/admin/users/carol/sessions?max=100')).body.data.sessions).to.have.length(70)
    expect((await desk.ask('/admin/users/carol/sessions', 'DELETE')).body.data.ended).to.equal(70)
    expect(desk.keycloak.sids().filter((sid) => sid.includes('many'))).to.deep.equal([])
  })

  it('still sees and ends the sessions of a person whom Keycloak has lost', async () => {
    desk.keycloak.forget('bob')
    expect((await desk.ask('/admin/users/bob/sessions')).body.data).to.include({ total: 1, keycloak: 'available' })
    expect((await desk.ask('/admin/users/bob/sessions', 'DELETE')).body.data.ended).to.equal(1)
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await desk.ask('/admin/users/bob/sessions', method)
      expect([status, body.error.code]).to.deep.equal([404, 'USER_NOT_FOUND'])
    }
  })

  it('ends them here while Keycloak is away, and is told', async () => {
    desk.keycloak.fail('away')
    const { status, body } = await desk.ask('/admin/users/alice/sessions', 'DELETE')
    expect([status, body.data]).to.deep.equal([200, { ended: 2, keycloak: 'unavailable' }])
    expect([await lives('phone'), await lives('laptop')]).to.deep.equal([false, false])
  })

  it('is told of an id that there is not, or that Keycloak alone knows', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    for (const id of [publicSessionId('nobody'), publicSsoSessionId('elsewhere')]) {
      const { status, body } = await desk.ask(`/admin/sessions/${id}`, 'DELETE')
      expect([status, body.error.code]).to.deep.equal([404, 'SESSION_NOT_FOUND'])
    }
    await desk.store.destroy('phone')
    expect((await desk.ask(`/admin/sessions/${publicSessionId('phone')}`, 'DELETE')).status).to.equal(404)
  })
})
