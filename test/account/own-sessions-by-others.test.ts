import { expect } from 'chai'
import { publicSessionId } from '../../src/identity/session/public-session-id.ts'
import { type Desk, openDesk } from './session-desk-world.ts'

describe('Own sessions with a bearer token', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk()
    await desk.signIn('phone')
    await desk.signIn('laptop')
  })
  afterEach(() => desk.close())
  const currents = async () => {
    const { sessions } = (await desk.ask('/me/sessions')).body.data
    return sessions.map(({ current }: { current: boolean }) => current)
  }

  it('are those of its subject; the current one is the one that its sid names', async () => {
    desk.byBearer('alice', { sid: 'sid-of-phone' })
    expect(await currents()).to.have.members([true, false])
    expect((await desk.ask('/me/sessions', 'DELETE')).body.data).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect(desk.ended).to.deep.equal(['laptop ended-by-owner'])
    expect(desk.keycloak.sids()).to.deep.equal(['sid-of-phone'])
  })

  for (const sid of [undefined, 7, '', null, '__proto__', { toString: 'sid-of-phone' }]) {
    it(`are all others when its sid is ${JSON.stringify(sid)}`, async () => {
      desk.byBearer('alice', { sid })
      expect(await currents()).to.deep.equal([false, false])
      expect((await desk.ask('/me/sessions', 'DELETE')).body.data).to.deep.equal({ ended: 2, keycloak: 'ended' })
    })
  }

  it('are none for somebody without sessions, nor for a service', async () => {
    desk.byBearer('service-account', {})
    expect((await desk.ask('/me/sessions')).body.data).to.deep.include({ sessions: [], total: 0 })
    expect((await desk.ask('/me/sessions', 'DELETE')).body.data).to.deep.equal({ ended: 0, keycloak: 'none' })
    expect((await desk.ask(`/me/sessions/${publicSessionId('phone')}`, 'DELETE')).status).to.equal(404)
  })
})

describe("Own sessions without Keycloak's administration", () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk({ keycloak: false })
    await desk.signIn('phone')
    await desk.signIn('laptop', 'alice', { providerSessionId: null })
    await desk.signIn('current')
    desk.bySession('current')
  })
  afterEach(() => desk.close())

  it('are listed as they are known here', async () => {
    const { sessions, keycloak } = (await desk.ask('/me/sessions')).body.data
    expect(keycloak).to.equal('not-configured')
    expect(sessions.map((session: { keycloak: unknown }) => session.keycloak)).to.deep.equal([null, null, null])
  })

  it('end here, and their refresh tokens are revoked at the provider', async () => {
    const { body } = await desk.ask('/me/sessions', 'DELETE')
    expect(body.data).to.deep.equal({ ended: 2, keycloak: 'not-configured' })
    expect(desk.revoked).to.have.members(['refresh-of-phone', 'refresh-of-laptop'])
  })

  it('keep the refresh token of one that shares its single sign-on with the current one', async () => {
    await desk.signIn('same-browser', 'alice', { providerSessionId: 'sid-of-current' })
    const { body } = await desk.ask(`/me/sessions/${publicSessionId('same-browser')}`, 'DELETE')
    expect(body.data).to.deep.equal({ ended: 1, keycloak: 'kept', current: false })
    expect(desk.revoked).to.deep.equal([])
  })

  it('know no session of Keycloak’s alone', async () => {
    expect((await desk.ask(`/me/sessions/sso-${'x'.repeat(43)}`, 'DELETE')).body.error.code).to.equal(
      'SESSION_NOT_FOUND',
    )
  })
})
