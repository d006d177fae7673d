import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

const protocol = 'openid-connect'
const audience = {
  ...{ name: 'aud', protocol, protocolMapper: 'oidc-audience-mapper' },
  config: { 'included.client.audience': 'orders' },
}

onServers('Client scopes that are made and changed', (server) => {
  const bed = useTestBed(server)
  const make = async (name: string, more: object = {}) => {
    const answer = await bed().admin('POST', '/client-scopes', { body: { name, protocol, ...more } })
    expect(answer.status, name).to.equal(201)
    return `/client-scopes/${answer.headers.get('location')?.split('/').at(-1)}`
  }
  const refused = async (body: object) => {
    const { status, json } = await bed().admin('POST', '/client-scopes', { body })
    return [status, json.errorMessage ?? json.error]
  }
  const read = async (path: string) => (await bed().admin('GET', path)).json
  const idOf = async (clientId: string) => (await read(`/clients?clientId=${clientId}`))[0].id

  it('have names that a token can carry, each only once', async () => {
    await make('a/b')
    await make('A/B')
    expect(await refused({ name: 'a/b', protocol })).to.deep.equal([409, 'Client Scope a/b already exists'])
    for (const name of ['', 'a b', 'a\\b', 'ä'])
      expect(await refused({ name, protocol })).to.deep.equal([400, `Unexpected name "${name}" for ClientScope`])
    expect(await refused({ name: 'c' })).to.deep.equal([400, 'Unexpected protocol'])
    expect(await refused({ name: 'x'.repeat(256), protocol })).to.deep.equal([500, 'unknown_error'])
    expect(await refused({ name: 'c', protocol, description: 'x'.repeat(256) })).to.deep.equal([500, 'unknown_error'])
    expect((await read('/client-scopes?search=nothing&max=1')).length, 'neither search nor pages').to.be.greaterThan(2)
  })

  it('keep what is not sent: mappers, attributes, the description; but not without the name', async () => {
    const path = await make('kept', { description: 'd', attributes: { a: '1', b: '2' }, protocolMappers: [audience] })
    const put = async (body: object) => (await bed().admin('PUT', path, { body })).status
    expect(await put({ description: 'x' })).to.equal(500)
    expect(await put({ name: 'email' })).to.equal(409)
    expect(
      await put({ name: 'kept', description: null, protocolMappers: [], attributes: { a: null, c: '' } }),
    ).to.equal(204)
    const { attributes, description, protocolMappers } = await read(path)
    expect([attributes, description]).to.deep.equal([{ b: '2', c: '' }, 'd'])
    expect(protocolMappers).to.have.length(1)
    expect(await put({ name: 'kept', description: '' })).to.equal(204)
    expect((await read(path)).description).to.equal('')
  })

  it('are renamed and deleted for every client that has them, without a word', async () => {
    const path = await make('carried')
    const client = `/clients/${await idOf('orders')}`
    await bed().admin('PUT', `${client}/default-client-scopes/${path.split('/').at(-1)}`)
    expect((await bed().admin('PUT', path, { body: { name: 'borne' } })).status).to.equal(204)
    expect((await read(client)).defaultClientScopes).to.include('borne')
    expect((await bed().admin('DELETE', path)).status).to.equal(204)
    expect((await read(client)).defaultClientScopes).to.not.include('borne')
    for (const method of ['GET', 'DELETE'])
      expect((await bed().admin(method, path)).json).to.deep.equal({ error: 'Could not find client scope' })
  })

  it('take roles of clients with the right to manage clients, and of the realm with that to manage it as well', async () => {
    const path = `${await make('mapped')}/scope-mappings`
    const orders = await idOf('orders')
    const customer = await read('/roles/customer')
    const write = await read(`/clients/${orders}/roles/write`)
    const send = async (method: string, place: string, body: object[] | undefined, as?: string) => {
      const more = { ...(body === undefined ? {} : { body }), ...(as === undefined ? {} : { as }) }
      return (await bed().admin(method, `${path}/${place}`, more)).status
    }
    const ofClient = `clients/${orders}`
    expect(await send('POST', ofClient, [write], 'view-clients')).to.equal(403)
    expect(await send('POST', ofClient, [write], 'manage-realm')).to.equal(403)
    expect(await send('POST', ofClient, [write], 'manage-clients')).to.equal(204)
    for (const as of ['manage-clients', 'manage-realm'])
      expect(await send('POST', 'realm', [customer], as)).to.equal(403)
    expect(await send('POST', 'realm', [customer, { id: 'nobody' }])).to.equal(404)
    expect(await send('POST', ofClient, [customer])).to.equal(404)
    expect(await send('POST', 'realm', [customer])).to.equal(204)
    const { realmMappings, clientMappings } = (await bed().admin('GET', path, { as: 'view-clients' })).json
    expect([realmMappings[0].name, clientMappings.orders.mappings[0].name]).to.deep.equal(['customer', 'write'])
    expect(await send('DELETE', 'realm', [customer], 'manage-clients')).to.equal(403)
    expect(await send('DELETE', 'realm', [])).to.equal(204)
    expect(await read(path)).to.have.property('realmMappings')
    expect(await send('DELETE', 'realm', undefined)).to.equal(204)
    expect(await read(path)).to.not.have.property('realmMappings')
  })

  it('are shown to whoever may see clients', async () => {
    const path = await make('shown')
    for (const [method, address, as, status] of [
      ['GET', '/client-scopes', 'view-users', 403],
      ['GET', path, 'view-clients', 200],
      ['GET', path, 'view-realm', 403],
      ['GET', '/default-default-client-scopes', 'view-clients', 200],
      ['GET', '/default-optional-client-scopes', 'manage-users', 403],
      ['DELETE', path, 'view-clients', 403],
      ['DELETE', path, 'manage-realm', 403],
      ['DELETE', path, 'manage-clients', 204],
    ] as const)
      expect((await bed().admin(method, address, { as })).status, `${method} ${address} ${as}`).to.equal(status)
  })
})
