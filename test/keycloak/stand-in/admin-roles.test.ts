import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

onServers('Roles and who holds them', (server) => {
  const bed = useTestBed(server)
  const names = (rows: { name?: string; username?: string }[]) => rows.map((row) => row.name ?? row.username).sort()
  const clientId = async (name: string) => (await bed().admin('GET', `/clients?clientId=${name}`)).json[0].id
  const groupId = async (name: string) => (await bed().admin('GET', `/groups?search=${name}&exact=true`)).json[0].id

  it('contain only what the caller may see, and nothing says that there is more', async () => {
    const { id } = (await bed().admin('GET', '/roles/admin')).json
    const inside = async (as?: string) =>
      names((await bed().admin('GET', `/roles-by-id/${id}/composites`, as === undefined ? {} : { as })).json)
    expect(await inside()).to.deep.equal(['customer', 'write'])
    expect(await inside('view-realm')).to.deep.equal(['customer'])
    for (const as of ['view-users', 'manage-users', 'view-clients'])
      expect((await bed().admin('GET', `/roles-by-id/${id}/composites`, { as })).status, as).to.equal(403)
    expect((await bed().admin('GET', '/roles-by-id/00000000-0000-4000-8000-000000000000')).status).to.equal(404)
  })

  it('are read by name only by those who may see the realm, those of clients by those who may see clients', async () => {
    const path = `/clients/${await clientId('orders')}/roles/write`
    expect((await bed().admin('GET', '/roles/customer', { as: 'manage-users' })).status).to.equal(403)
    expect((await bed().admin('GET', '/roles/customer', { as: 'view-realm' })).json).to.include({ name: 'customer' })
    expect((await bed().admin('GET', path, { as: 'view-realm' })).status).to.equal(403)
    expect((await bed().admin('GET', path, { as: 'view-clients' })).json).to.include({
      name: 'write',
      clientRole: true,
    })
    expect((await bed().admin('GET', `${path}x`)).status).to.equal(404)
  })

  it('are held by users and groups', async () => {
    expect(names((await bed().admin('GET', '/roles/admin/users')).json)).to.deep.equal(['ada'])
    for (const as of ['view-realm', 'manage-users'])
      expect((await bed().admin('GET', '/roles/admin/users', { as })).status, as).to.equal(403)
    const role = (await bed().admin('GET', '/roles/customer')).json
    const id = await groupId('team')
    await bed().admin('POST', `/groups/${id}/role-mappings/realm`, { body: [role] })
    expect(names((await bed().admin('GET', '/roles/customer/groups')).json)).to.deep.equal(['team'])
    const mapped = (await bed().admin('GET', `/groups/${id}/role-mappings`)).json
    expect(names(mapped.realmMappings)).to.deep.equal(['customer'])
    expect(names(mapped.clientMappings.orders.mappings)).to.deep.equal(['read'])
  })

  it('are left out of mappings, without a word, for those who may not see them', async () => {
    const members = async (path: string, as: string) => Object.keys((await bed().admin('GET', path, { as })).json)
    for (const path of [`/users/${await bed().userId('ada')}`, `/groups/${await groupId('team')}`])
      expect(await members(`${path}/role-mappings`, 'view-users'), path).to.deep.equal([])
  })

  it('can be made, once', async () => {
    const body = { name: 'invented', description: 'New' }
    const made = await bed().admin('POST', '/roles', { body })
    expect([made.status, made.location?.pathname.split('/').at(-1)]).to.deep.equal([201, 'invented'])
    expect((await bed().admin('GET', '/roles/invented')).json).to.include({ description: 'New', composite: false })
    expect((await bed().admin('POST', '/roles', { body })).status).to.equal(409)
    expect((await bed().admin('POST', '/roles', { body, as: 'manage-users' })).status).to.equal(403)
  })

  it('of everybody are named by the realm, to those who may see it', async () => {
    const seen = (await bed().admin('GET', '', { as: 'view-realm' })).json
    expect(seen.defaultRole).to.include({ name: `default-roles-${bed().realm}`, composite: true })
    expect((await bed().admin('GET', '', { as: 'view-users' })).json).not.to.have.any.keys(
      'defaultRole',
      'passwordPolicy',
    )
    expect((await bed().admin('GET', '/default-groups', { as: 'view-realm' })).json).to.deep.equal([])
  })
})

onServers('What is asked of people', (server) => {
  const bed = useTestBed(server)
  const read = async (id: string) => (await bed().admin('GET', `/users/${id}`)).json

  it('is a new password after a temporary one', async () => {
    const id = await bed().userId('ben')
    const reset = (temporary: boolean) =>
      bed().admin('PUT', `/users/${id}/reset-password`, { body: { type: 'password', value: 'a-new-one', temporary } })
    await reset(true)
    expect((await read(id)).requiredActions).to.deep.equal(['UPDATE_PASSWORD'])
    await reset(false)
    expect((await read(id)).requiredActions).to.deep.equal([])
  })

  it('is only what is known; the rest is dropped without a word', async () => {
    const id = await bed().userId('cyd')
    const put = await bed().admin('PUT', `/users/${id}`, { body: { requiredActions: ['DANCE', 'VERIFY_EMAIL'] } })
    expect(put.status).to.equal(204)
    expect((await read(id)).requiredActions).to.deep.equal(['VERIFY_EMAIL'])
    const known = (await bed().admin('GET', '/authentication/required-actions', { as: 'view-users' })).json
    const enabled = known.filter((row: { enabled: boolean }) => row.enabled).map((row: { alias: string }) => row.alias)
    expect(enabled).to.include.members(['UPDATE_PASSWORD', 'VERIFY_EMAIL', 'CONFIGURE_TOTP'])
    expect((await bed().admin('GET', '/authentication/required-actions', { as: 'manage-users' })).status).to.equal(403)
    const profile = (await bed().admin('GET', '/users/profile', { as: 'manage-users' })).json
    expect(profile.attributes.map(({ name }: { name: string }) => name)).to.include.members(['username', 'email'])
  })

  it('shows accounts of services in lists by a filter, and counts what it lists', async () => {
    const list = async (query: string) => (await bed().admin('GET', `/users${query}`)).json.length
    const count = async (query: string) => (await bed().admin('GET', `/users/count${query}`)).json
    for (const query of ['', '?search=svc', '?enabled=true', '?username=service-account'])
      expect(await count(query), query).to.equal(await list(query))
    expect(await list('?enabled=true')).to.be.greaterThan(await list(''))
  })
})
