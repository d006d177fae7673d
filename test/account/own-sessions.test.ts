import { expect } from 'chai'
import { publicSessionId, publicSsoSessionId } from '../../src/identity/session/public-session-id.ts'
import { type Desk, openDesk } from './session-desk-world.ts'

const idOf = publicSessionId

describe('A person and their own sessions', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk()
    await desk.signIn('phone')
    desk.clock.advance('60s')
    await desk.signIn('laptop')
    await desk.signIn('of-bob', 'bob')
    desk.bySession('laptop')
  })
  afterEach(() => desk.close())
  const listed = async () => (await desk.ask('/me/sessions')).body.data
  const lives = async (id: string) => (await desk.store.read(id)) !== undefined

  it('are listed with device, address and times, the latest first, and nothing that opens anything', async () => {
    const { status, headers, body } = await desk.ask('/me/sessions')
    expect([status, headers.get('cache-control'), body.message]).to.deep.equal([200, 'no-store', 'Sessions found'])
    expect(body.data).to.deep.include({ total: 2, first: 0, max: 20, keycloak: 'available' })
    const [laptop, phone] = body.data.sessions
    expect(laptop).to.include({ id: idOf('laptop'), kind: 'gateway', current: true, device: 'Firefox 140 on Linux' })
    expect(phone).to.include({ id: idOf('phone'), current: false, address: '192.0.2.7' })
    const now = desk.clock.now()
    const at = (milliseconds: number) => new Date(now + milliseconds).toISOString()
    expect(phone).to.include({ firstSeenAt: at(-60_000), lastSeenAt: at(-60_000) })
    expect(laptop).to.include({ idleExpiresAt: at(1_800_000), absoluteExpiresAt: at(28_800_000) })
    expect(laptop.keycloak).to.deep.equal({
      startedAt: at(0),
      lastSeenAt: at(0),
      address: '198.51.100.1',
      clients: ['cloakroom'],
      offline: false,
    })
    expect(JSON.stringify(body)).not.to.match(/"laptop"|"phone"|sid-of|refresh|canary|bob/)
  })

  it('are joined by what only Keycloak knows, online and offline, named as such', async () => {
    desk.keycloak.open('alice', 'elsewhere', { clients: ['account-console'] })
    desk.keycloak.open('alice', 'sid-of-phone', { offline: true, clients: ['app'] })
    const { sessions, total } = await listed()
    expect(total).to.equal(3)
    expect(sessions[1].keycloak).to.deep.include({ offline: true, clients: ['cloakroom', 'app'] })
    expect(sessions[2]).to.deep.include({
      id: publicSsoSessionId('elsewhere'),
      kind: 'keycloak',
      current: false,
      device: null,
      idleExpiresAt: null,
      address: '198.51.100.1',
    })
  })

  it('are shown by pages', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    const page = async (query: string) =>
      (await desk.ask(`/me/sessions?${query}`)).body.data.sessions.map(({ kind }: { kind: string }) => kind)
    expect(await page('first=1&max=2')).to.deep.equal(['gateway', 'keycloak'])
    expect(await page('first=2')).to.deep.equal(['keycloak'])
    expect(await page('first=3')).to.deep.equal([])
  })

  for (const [how, state] of [
    ['away', 'unavailable'],
    ['refuses', 'refused'],
  ] as const) {
    it(`are listed and ended though Keycloak ${how}, and the answer says so`, async () => {
      desk.keycloak.fail(how)
      expect(await listed()).to.include({ total: 2, keycloak: state })
      expect((await listed()).sessions[0].keycloak).to.equal(null)
      const { status, body } = await desk.ask(`/me/sessions/${idOf('phone')}`, 'DELETE')
      expect([status, body.data]).to.deep.equal([200, { ended: 1, keycloak: state, current: false }])
      expect(await lives('phone')).to.equal(false)
      expect(desk.revoked).to.deep.equal(how === 'refuses' ? ['refresh-of-phone'] : [])
    })
  }

  it('end one by one, with the single sign-on under each', async () => {
    const { body } = await desk.ask(`/me/sessions/${idOf('phone')}`, 'DELETE')
    expect(body.data).to.deep.equal({ ended: 1, keycloak: 'ended', current: false })
    expect(desk.ended).to.deep.equal(['phone ended-by-owner'])
    expect(desk.keycloak.sids()).to.have.members(['sid-of-laptop', 'sid-of-of-bob'])
    expect((await desk.ask(`/me/sessions/${idOf('phone')}`, 'DELETE')).status).to.equal(404)
  })

  it('leave a row in the audit trail when they end, one or all', async () => {
    await desk.ask(`/me/sessions/${idOf('phone')}`, 'DELETE')
    await desk.ask('/me/sessions', 'DELETE')
    const rows = desk.audited.map(({ action, actor, target, after }) => [action, actor.username, target, after])
    expect(rows).to.deep.equal([
      ['session.end', 'alice', { kind: 'session', id: idOf('phone') }, { ended: 1, keycloak: 'ended' }],
      ['session.end-all', 'alice', { kind: 'user', id: 'alice' }, { ended: 0, keycloak: 'kept' }],
    ])
  })

  it('end with what was opened by single sign-on before Keycloak had ended it', async () => {
    desk.keycloak.onEnd = () => desk.signIn('again', 'alice', { providerSessionId: 'sid-of-phone' })
    await desk.ask(`/me/sessions/${idOf('phone')}`, 'DELETE')
    expect(await lives('again')).to.equal(false)
  })

  it('may end the current one by its own id', async () => {
    const { body } = await desk.ask(`/me/sessions/${idOf('laptop')}`, 'DELETE')
    expect(body).to.deep.include({ message: 'Your session has ended; sign in to go on' })
    expect(body.data).to.deep.equal({ ended: 1, keycloak: 'ended', current: true })
    expect(desk.keycloak.sids()).not.to.include('sid-of-laptop')
  })

  it('end all but the current one, also those that only Keycloak knows, and nobody else’s', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    const { body } = await desk.ask('/me/sessions', 'DELETE')
    expect(body.data).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect(desk.keycloak.sids()).to.have.members(['sid-of-laptop', 'sid-of-of-bob'])
    expect([await lives('laptop'), await lives('phone'), await lives('of-bob')]).to.deep.equal([true, false, true])
    expect((await desk.ask('/me/sessions', 'DELETE')).body.data).to.deep.equal({ ended: 0, keycloak: 'kept' })
  })

  it('keep the single sign-on on which the current one rests too', async () => {
    await desk.signIn('same-browser', 'alice', { providerSessionId: 'sid-of-laptop' })
    const { body } = await desk.ask(`/me/sessions/${idOf('same-browser')}`, 'DELETE')
    expect(body.data).to.deep.equal({ ended: 1, keycloak: 'kept', current: false })
    expect([await lives('laptop'), await lives('same-browser')]).to.deep.equal([true, false])
    expect(desk.keycloak.sids()).to.include('sid-of-laptop')
  })

  it('may end one that only Keycloak knows, but not while it is away', async () => {
    desk.keycloak.open('alice', 'elsewhere')
    const path = `/me/sessions/${publicSsoSessionId('elsewhere')}`
    desk.keycloak.fail('away')
    expect((await desk.ask(path, 'DELETE')).body.error.code).to.equal('KEYCLOAK_UNAVAILABLE')
    desk.keycloak.fail('not at all')
    expect((await desk.ask(path, 'DELETE')).body.data).to.include({ ended: 0, keycloak: 'ended' })
    expect((await desk.ask(path, 'DELETE')).status).to.equal(404)
  })

  for (const [what, id] of [
    ['of somebody else', idOf('of-bob')],
    ['of somebody else, at Keycloak', publicSsoSessionId('sid-of-of-bob')],
    ['made up', idOf('nobody')],
    ['made up, at Keycloak', publicSsoSessionId('nobody')],
    ['of a session that ended', idOf('ended')],
  ] as const) {
    it(`do not know an id ${what}, always in the same words`, async () => {
      await desk.signIn('ended')
      await desk.store.destroy('ended')
      const { status, body } = await desk.ask(`/me/sessions/${id}`, 'DELETE')
      expect([status, body.error.code, body.error.message, body.error.details]).to.deep.equal([
        404,
        'SESSION_NOT_FOUND',
        'There is no such session.',
        {},
      ])
      expect(desk.ended).to.deep.equal([])
      expect(desk.keycloak.sids()).to.include('sid-of-of-bob')
    })
  }
})
