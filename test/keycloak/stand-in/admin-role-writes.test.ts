import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

onServers('Roles that are made and changed', (server) => {
  const bed = useTestBed(server)
  const clientId = async (name: string) => (await bed().admin('GET', `/clients?clientId=${name}`)).json[0].id
  const idOf = async (name: string) => (await bed().admin('GET', `/roles/${encodeURIComponent(name)}`)).json.id
  const byId = async (id: string) => (await bed().admin('GET', `/roles-by-id/${id}`)).json
  const make = (body: object) => bed().admin('POST', '/roles', { body })
  const insideOf = async (id: string) =>
    (await bed().admin('GET', `/roles-by-id/${id}/composites`)).json.map(({ name }: { name: string }) => name).sort()

  it('have any name, but each only once', async () => {
    for (const name of ['a/b', 'ä ö', 'x'.repeat(255), 'Customer'])
      expect((await make({ name, description: 'd', attributes: { a: ['1', '2'] } })).status, name).to.equal(201)
    expect((await bed().admin('GET', '/roles/a%2Fb')).json).to.deep.include({
      ...{ name: 'a/b', description: 'd', composite: false, attributes: { a: ['1', '2'] } },
    })
    expect((await make({ name: 'a/b' })).json).to.deep.equal({ errorMessage: 'Role with name a/b already exists' })
    expect((await make({ name: 'y'.repeat(256) })).status).to.equal(500)
    expect((await make({ name: 'y', description: 'y'.repeat(256) })).status).to.equal(500)
    expect((await make({ name: 'y', shoes: 1 })).status).to.equal(400)
  })

  it('lose the description that is not sent, and keep attributes that are not', async () => {
    await make({ name: 'till', description: 'd', attributes: { a: ['1'] } })
    const id = await idOf('till')
    const put = async (body: object) => (await bed().admin('PUT', `/roles-by-id/${id}`, { body })).status
    expect(await put({ description: 'x' })).to.equal(400)
    expect(await put({ name: '' })).to.equal(400)
    expect(await put({ name: 'customer' })).to.equal(409)
    expect(await put({ name: 'desk' })).to.equal(204)
    expect(await byId(id)).to.not.have.property('description')
    expect(await byId(id)).to.deep.include({ name: 'desk', attributes: { a: ['1'] } })
    expect(await put({ name: 'desk', attributes: {} })).to.equal(204)
    expect((await byId(id)).attributes).to.deep.equal({})
  })

  it('take other roles, and themselves, all of a list or none', async () => {
    await make({ name: 'till' })
    const id = await idOf('till')
    const customer = (await bed().admin('GET', '/roles/customer')).json
    const write = (await bed().admin('GET', `/clients/${await clientId('orders')}/roles/write`)).json
    const send = async (method: string, body: object[], as?: string) => {
      const path = `/roles-by-id/${id}/composites`
      return (await bed().admin(method, path, { body, ...(as === undefined ? {} : { as }) })).status
    }
    expect(await send('POST', [customer, { id: 'nobody' }])).to.equal(404)
    expect(await insideOf(id)).to.deep.equal([])
    expect(await send('POST', [customer, write, { id }])).to.equal(204)
    expect(await insideOf(id)).to.deep.equal(['customer', 'till', 'write'])
    expect(await send('DELETE', [{ id }, customer])).to.equal(204)
    expect(await send('DELETE', [customer]), 'again').to.equal(204)
    expect(await insideOf(id)).to.deep.equal(['write'])
  })

  it('are found by a part of name or description, in parts where both ends are named', async () => {
    await make({ name: 'counter', description: 'Counts MONEY' })
    const names = async (query: string) =>
      (await bed().admin('GET', `/roles?${query}`)).json.map(({ name }: { name: string }) => name)
    expect(await names('search=money')).to.deep.equal(['counter'])
    expect(await names('search=COUNT&first=0&max=5')).to.deep.equal(['counter'])
    expect(await names('search=a&max=1')).to.have.length(1)
    expect(await names('first=0&max=2')).to.have.length(2)
    expect((await names('max=1')).length).to.be.greaterThan(2)
  })

  it('go out of everything they were in, and nobody deletes what everybody has', async () => {
    await make({ name: 'till' })
    const id = await idOf('till')
    const customer = await idOf('customer')
    await bed().admin('POST', `/roles-by-id/${customer}/composites`, { body: [{ id }] })
    expect((await bed().admin('DELETE', `/roles-by-id/${id}`)).status).to.equal(204)
    expect((await bed().admin('DELETE', `/roles-by-id/${id}`)).status).to.equal(404)
    expect(await insideOf(customer)).to.not.include('till')
    const everybody = (await bed().admin('GET', '/roles?search=default-roles')).json[0]
    expect((await bed().admin('DELETE', `/roles-by-id/${everybody.id}`)).status).to.equal(400)
  })

  it('are changed by manage-realm, those of clients by manage-clients, mixed ones by both together', async () => {
    const orders = await clientId('orders')
    const write = (await bed().admin('GET', `/clients/${orders}/roles/write`)).json
    const id = await idOf('customer')
    for (const as of ['view-realm', 'manage-users', 'manage-clients'])
      expect((await bed().admin('POST', '/roles', { as, body: { name: 'x' } })).status, as).to.equal(403)
    for (const as of ['view-clients', 'manage-realm'])
      expect((await bed().admin('POST', `/clients/${orders}/roles`, { as, body: { name: 'x' } })).status).to.equal(403)
    for (const as of ['manage-realm', 'manage-clients'])
      for (const method of ['POST', 'DELETE'])
        expect((await bed().admin(method, `/roles-by-id/${id}/composites`, { as, body: [write] })).status).to.equal(403)
    expect((await bed().admin('PUT', `/roles-by-id/${write.id}`, { as: 'manage-realm', body: write })).status).to.equal(
      403,
    )
    const made = await bed().admin('POST', `/clients/${orders}/roles`, { as: 'manage-clients', body: { name: 'x' } })
    expect(made.status).to.equal(201)
  })
})
