import { expect } from 'chai'
import { oauthClient } from '../service-tokens/oauth-client.ts'
import { forgeJwt, newSigningKey, type SigningKey } from '../support/jwt-forge.ts'
import { clientsDesk, OPERATOR, realmWithTool, toolToken } from './world/clients-desk.ts'
import { ada, eventually, onBothProviders, type World } from './world/world.ts'

const CREDENTIALS = { grant_type: 'client_credentials' }
const NOBODY = '00000000-0000-4000-8000-000000000000'

onBothProviders('An administrator looks after service clients', (start) => {
  async function open() {
    const { clients, scopeMappings } = realmWithTool()
    // So the scope stands for a role of the realm too, which is what the route asks for.
    const mapped = [...scopeMappings, { clientScope: 'orders.read', roles: ['customer'] }]
    const world = await start({ clients, scopeMappings: mapped }, OPERATOR)
    const oauth = oauthClient(world.gateway.url)
    const desk = clientsDesk(world, await toolToken(world, ada))
    const token = async (clientId: string, secret: string) => {
      const { status, body } = await oauth('token', CREDENTIALS, { basic: `${clientId}:${secret}` })
      return status === 200 ? String(body.access_token) : `${status} ${body.error}`
    }
    const call = async (bearer: string) =>
      (await fetch(`${world.gateway.url}/api/orders`, { headers: { authorization: `Bearer ${bearer}` } })).status
    return { world, oauth, desk, token, call }
  }

  it('from registration to the end: every secret is good for its time, and no token outlives its client', async () => {
    const { world, desk, token, call } = await open()
    const made = await desk('POST', '', { clientId: 'svc-till', name: 'Kasse № 4', scopes: ['orders.read'] })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    expect(made.headers.get('cache-control')).to.equal('no-store')
    const { client, secret } = made.body.data
    expect(client).to.include({
      clientId: 'svc-till',
      name: 'Kasse № 4',
      enabled: true,
      authentication: 'client_secret',
    })
    expect(client.scopes).to.deep.equal(['orders.read'])
    const first = await token('svc-till', secret)
    expect(await call(first)).to.equal(200)
    expect(world.api.last()?.headers.authorization).to.equal(`Bearer ${first}`)

    const rotated = await desk('POST', `/${client.id}/secret`)
    expect([rotated.status, rotated.body.data.overlap]).to.deep.equal([200, null])
    expect(await token('svc-till', secret)).to.equal('401 invalid_client')
    const second = await token('svc-till', rotated.body.data.secret)
    expect(await call(second)).to.equal(200)

    expect((await desk('DELETE', `/${client.id}`)).body.error.code).to.equal('CLIENT_IN_USE')
    expect((await desk('POST', `/${client.id}/disable`)).body.data.client.enabled).to.equal(false)
    expect([await call(first), await call(second)]).to.deep.equal([401, 401])
    expect(await token('svc-till', rotated.body.data.secret)).to.equal('401 invalid_client')
    expect((await desk('POST', `/${client.id}/enable`)).body.data.client.enabled).to.equal(true)
    expect(await call(second)).to.equal(401)
    // What is issued in the very second of the end counts as issued before it.
    const again = () => token('svc-till', rotated.body.data.secret).then(call)
    expect(await eventually(again, (status) => status === 200)).to.equal(200)

    const last = await token('svc-till', rotated.body.data.secret)
    await desk('POST', `/${client.id}/disable`)
    expect((await desk('DELETE', `/${client.id}`)).body.data).to.deep.equal({ deleted: true })
    expect(await call(last)).to.equal(401)
    expect((await desk('GET', `/${client.id}`)).body.error.code).to.equal('CLIENT_NOT_FOUND')
    for (const shown of [secret, rotated.body.data.secret, first]) expect(world.gateway.logText()).not.to.contain(shown)
  })

  it('gives and takes scopes, and what was taken ends at once', async () => {
    const { world, desk, token, call } = await open()
    const { client, secret } = (await desk('POST', '', { clientId: 'svc-reader' })).body.data
    const bare = await token('svc-reader', secret)
    expect(await call(bare)).to.equal(401)
    const set = (version: string, scopes: string[]) => desk('PUT', `/${client.id}/scopes`, { version, scopes })
    const given = (await set(client.version, ['orders.read'])).body.data.client
    expect(given.scopes).to.deep.equal(['orders.read'])
    const reading = await token('svc-reader', secret)
    expect(await call(reading)).to.equal(200)
    const stale = await set(client.version, [])
    expect([stale.status, stale.body.error.code]).to.deep.equal([409, 'CLIENT_CHANGED'])
    expect(stale.body.error.details.current).to.deep.equal(given)
    const more = (await set(given.version, ['orders.write', 'orders.read'])).body.data.client
    expect(more.scopes).to.deep.equal(['orders.read', 'orders.write'])
    const none = (await set(more.version, [])).body.data.client
    expect([none.scopes, await call(reading)]).to.deep.equal([[], 401])
    const account = (await (
      await world.admin.call('GET', `/${world.realm}/clients/${client.id}/service-account-user`)
    ).json()) as { id: string }
    const left = (await (
      await world.admin.call('GET', `/${world.realm}/users/${account.id}/role-mappings`)
    ).json()) as {
      realmMappings: { name: string }[]
      clientMappings?: object
    }
    expect(left.realmMappings.map(({ name }) => name)).to.deep.equal([`default-roles-${world.realm}`])
    expect(left).not.to.have.property('clientMappings')
  })

  it('registers one that proves itself with a key', async () => {
    const { world, oauth, desk, call } = await open()
    const key = await newSigningKey('RS256', 'key-of-the-robot')
    const { keys } = { keys: [key.publicJwk] }
    const made = await desk('POST', '', {
      clientId: 'svc-robot',
      scopes: ['orders.read'],
      lifetimeSeconds: 77,
      authentication: 'private_key_jwt',
      jwks: { keys },
    })
    expect([made.status, made.body.data?.secret]).to.deep.equal([201, null])
    const { status, body } = await oauth('token', { ...CREDENTIALS, ...proof(world, key) }, { basic: null })
    expect([status, body.expires_in]).to.deep.equal([200, 77])
    expect(await call(String(body.access_token))).to.equal(200)
    const { id } = made.body.data.client
    expect((await desk('POST', `/${id}/secret`)).body.error.code).to.equal('CLIENT_HAS_NO_SECRET')
  })

  it('finds, pages and changes them, and knows no client that it did not register', async () => {
    const { world, desk } = await open()
    for (const [at, clientId] of ['svc-c', 'svc-a', 'svc-b'].entries())
      await desk('POST', '', { clientId, name: `Number ${at}`, lifetimeSeconds: 60 })
    const ids = async (query: string) => {
      const { data } = (await desk('GET', query)).body
      return [data.total, ...data.clients.map(({ clientId }: { clientId: string }) => clientId)]
    }
    expect(await ids('')).to.deep.equal([3, 'svc-a', 'svc-b', 'svc-c'])
    expect(await ids('?first=1&max=1')).to.deep.equal([3, 'svc-b'])
    expect(await ids('?search=number%200')).to.deep.equal([1, 'svc-c'])
    expect(await ids('?search=cloakroom')).to.deep.equal([0])
    const [one] = (await desk('GET', '?search=svc-a')).body.data.clients
    const changed = await desk('PATCH', `/${one.id}`, { version: one.version, name: '収銀台', lifetimeSeconds: null })
    expect(changed.body.data.client).to.include({ name: '収銀台', lifetimeSeconds: null, clientId: 'svc-a' })
    expect((await desk('PATCH', `/${one.id}`, { version: one.version, name: 'x' })).status).to.equal(409)
    const taken = await desk('POST', '', { clientId: 'svc-a' })
    expect([taken.status, taken.body.error.code]).to.deep.equal([409, 'CLIENT_EXISTS'])

    const handMade = await world.admin.call('POST', `/${world.realm}/clients`, {
      clientId: 'svc-by-hand',
      serviceAccountsEnabled: true,
    })
    const all = (await (await world.admin.call('GET', `/${world.realm}/clients`)).json()) as {
      id: string
      clientId: string
    }[]
    expect(handMade.status).to.equal(201)
    const others = all.filter(({ clientId }) => !/^svc-[abc]$/.test(clientId))
    expect(others.map(({ clientId }) => clientId)).to.include.members([
      'cloakroom',
      'realm-management',
      'account',
      'svc-by-hand',
    ])
    for (const id of [...others.map((client) => client.id), NOBODY]) {
      const { version } = one
      const answers = [
        await desk('GET', `/${id}`),
        await desk('PATCH', `/${id}`, { version, name: 'mine now' }),
        await desk('PUT', `/${id}/scopes`, { version, scopes: ['orders.read'] }),
        await desk('POST', `/${id}/secret`),
        await desk('POST', `/${id}/enable`),
        await desk('POST', `/${id}/disable`),
        await desk('DELETE', `/${id}`),
      ]
      for (const { status, body } of answers) expect([status, body.error.code]).to.deep.equal([404, 'CLIENT_NOT_FOUND'])
    }
  })
})

/** A proof of the robot, good for one request (RFC 7523). */
function proof({ provider, realm }: World, { kid, privateKey }: SigningKey): Record<string, string> {
  const exp = Math.floor(Date.now() / 1000) + 60
  const aud = `${provider.url}/realms/${realm}`
  const payload = { iss: 'svc-robot', sub: 'svc-robot', aud, jti: `proof-${Math.random()}`, exp }
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: forgeJwt({ header: { alg: 'RS256', kid }, payload, alg: 'RS256', key: privateKey }),
  }
}
