import { expect } from 'chai'
import { openClientsDesk } from './desk-world.ts'

describe('What an administrator may give to a service client', () => {
  let desk: Awaited<ReturnType<typeof openClientsDesk>>
  beforeEach(async () => {
    desk = await openClientsDesk()
  })
  afterEach(() => desk.close())
  const register = (scopes: string[]) => desk.ask('POST', '', { clientId: 'svc-till', scopes })
  const without = (role: string) => void desk.roles.splice(desk.roles.indexOf(role), 1)

  it('is what the rules for giving roles let them give', async () => {
    without('client:orders-api:writer')
    const { status, code } = await register(['read', 'write'])
    expect([status, code]).to.deep.equal([403, 'INSUFFICIENT_PERMISSIONS'])
    expect(desk.fake.clients()).to.deep.equal([])
    const { client } = (await register(['read'])).body.data
    const more = await desk.ask('PUT', `/${client.id}/scopes`, { version: client.version, scopes: ['read', 'write'] })
    expect(more.code).to.equal('INSUFFICIENT_PERMISSIONS')
    expect(desk.fake.rolesOf('account-1')).to.deep.equal(['role-orders-api-reader'])
  })

  it('is no permission of the gateway that they lack', async () => {
    expect((await register(['admin:users.write'])).status).to.equal(201)
    without('realm:admin')
    const { code, body } = await desk.ask('POST', '', { clientId: 'svc-other', scopes: ['admin:users.write'] })
    expect([code, body.error.details.required.permissions]).to.deep.equal(['INSUFFICIENT_PERMISSIONS', ['users.write']])
  })

  it('what a client has already is not asked about again, and anybody may take it away', async () => {
    const { client } = (await register(['read', 'write'])).body.data
    without('client:orders-api:writer')
    without('client:orders-api:reader')
    const { status, body } = await desk.ask('PUT', `/${client.id}/scopes`, {
      version: client.version,
      scopes: ['write'],
    })
    expect([status, body.data.client.scopes]).to.deep.equal([200, ['write']])
    // The role of `read` stays, because `write` needs it too.
    expect(desk.fake.rolesOf('account-1')).to.deep.equal(['role-orders-api-reader', 'role-orders-api-writer'])
    expect(desk.ended).to.deep.equal([{ account: 'account-1', at: desk.clock.now() }])
  })

  it('no secret of a client that was given more at Keycloak', async () => {
    const { client } = (await register(['read'])).body.data
    desk.fake.put(client.id, { altered: true })
    expect((await desk.ask('POST', `/${client.id}/secret`)).code).to.equal('INSUFFICIENT_PERMISSIONS')
    desk.fake.put(client.id, { altered: false, scopes: ['basic', 'read', 'ruling'] })
    expect((await desk.ask('POST', `/${client.id}/enable`)).code).to.equal('INSUFFICIENT_PERMISSIONS')
    desk.fake.put(client.id, { scopes: ['basic', 'read'] })
    expect((await desk.ask('POST', `/${client.id}/secret`)).status).to.equal(200)
  })

  it('an overlap of secrets is told where Keycloak gives one', async () => {
    const { client } = (await register([])).body.data
    desk.fake.put(client.id, { formerSecretUntil: desk.clock.now() + 60_000 })
    const { body } = await desk.ask('POST', `/${client.id}/secret`)
    expect(body.data.overlap.until).to.equal(new Date(desk.clock.now() + 60_000).toISOString())
    desk.clock.advance('61s')
    expect((await desk.ask('GET', `/${client.id}`)).body.data.client.formerSecretUntil).to.equal(null)
  })
})
