import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createAdminHttp } from '../../../../src/platform/keycloak/admin-api/admin-http.ts'
import { createHttpKeycloakGroups } from '../../../../src/platform/keycloak/groups/http-keycloak-groups.ts'

type Reply = [status: number, body?: unknown, headers?: Record<string, string>]

/** Groups at a Keycloak of canned replies by `METHOD /path?query`; what is not there is 404. */
function start(replies: Record<string, Reply | Reply[]>) {
  const asked: string[] = []
  const http = createAdminHttp({
    ...{ baseUrl: 'http://kc.test', realm: 'demo', needs: 'manage-users' },
    token: { get: async () => 'the-token', forget: () => undefined },
    async fetch(url, { method, body }) {
      const call = `${method} ${url.replace('http://kc.test/admin/realms/demo/groups', '')}`
      asked.push(body === undefined ? call : `${call} ${body}`)
      const found = replies[call] ?? [404, { error: 'Could not find group by id' }]
      const [status, answer, headers = {}] = (Array.isArray(found[0]) ? found.shift() : found) as Reply
      return new Response(answer === undefined ? null : JSON.stringify(answer), { status, headers })
    },
  })
  return { groups: createHttpKeycloakGroups(http), asked }
}
const row = (id: string, more: object = {}) => ({ id, name: id, path: `/${id}`, access: { view: true }, ...more })
const FULL = 'briefRepresentation=false'
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )

describe("Groups at Keycloak's admin API", () => {
  it('are read with named members only, attributes in order', async () => {
    const { groups } = start({
      'GET /g1': [
        200,
        row('g1', { description: 'A', attributes: { b: ['2'], a: ['1'] }, subGroupCount: 3, secret: 1 }),
      ],
      'GET /g2': [200, row('g2', { parentId: 'g1' })],
    })
    expect(JSON.stringify(await groups.read('g1'))).to.equal(
      '{"id":"g1","name":"g1","path":"/g1","subGroupCount":3,"description":"A","parentId":null,"attributes":{"a":["1"],"b":["2"]}}',
    )
    expect(await groups.read('g2')).to.deep.include({ parentId: 'g1', description: null, attributes: {} })
  })

  it('tell that there is more by one row more than was asked for', async () => {
    const people = ['ann', 'ben', 'cat'].map((username) => ({ id: username, username, enabled: true }))
    const { groups } = start({
      'GET /g1/members?first=0&max=3&briefRepresentation=true': [200, people],
      'GET /g1/members?first=2&max=3&briefRepresentation=true': [200, people.slice(2)],
      [`GET /g1/children?first=0&max=2&${FULL}&search=a%26b`]: [200, [row('a&b')]],
    })
    const first = await groups.members('g1', { first: 0, max: 2 })
    expect([first.rows.map(({ username }) => username), first.more]).to.deep.equal([['ann', 'ben'], true])
    expect(await groups.members('g1', { first: 2, max: 2 })).to.deep.include({ more: false })
    expect((await groups.children('g1', { first: 0, max: 1, search: 'a&b' })).rows[0]?.name).to.equal('a&b')
  })

  it('are found with all below them, and which of them give roles', async () => {
    const { groups, asked } = start({
      'GET /g1': [200, row('g1', { subGroupCount: 2 })],
      [`GET /g1/children?first=0&max=100&${FULL}`]: [
        200,
        [row('g2', { subGroupCount: 1, realmRoles: ['x'] }), row('g3', { clientRoles: { shop: [] } })],
      ],
      [`GET /g2/children?first=0&max=100&${FULL}`]: [200, [row('g4', { clientRoles: { shop: ['read'] } })]],
    })
    expect(await groups.tree('g1')).to.deep.equal({ ids: ['g1', 'g2', 'g3', 'g4'], withRoles: ['g2', 'g4'] })
    expect(asked, 'no question about what has nothing below it').to.have.length(3)
  })

  it('are not looked through without end', async () => {
    const page = Array.from({ length: 100 }, (_, at) => row(`c${at}`))
    const more = (from: number) => page.map((_, at) => row(`c${from + at}`))
    const { groups, asked } = start({
      'GET /g1': [200, row('g1', { subGroupCount: 900 })],
      [`GET /g1/children?first=0&max=100&${FULL}`]: [200, page],
      [`GET /g1/children?first=100&max=100&${FULL}`]: [200, more(100)],
      [`GET /g1/children?first=200&max=100&${FULL}`]: [200, more(200)],
    })
    expect(await codeOf(groups.tree('g1'))).to.equal('GROUP_TOO_LARGE')
    expect(asked).to.have.length(4)
  })

  it('have roles by the names that everything else has them by', async () => {
    const role = { id: 'r1', name: 'customer', composite: true }
    const read = { id: 'r2', name: 'read', description: 'Reads' }
    const { groups } = start({
      'GET /g1/role-mappings': [
        200,
        { realmMappings: [role], clientMappings: { 'urn:shop': { id: 'uuid', client: 'urn:shop', mappings: [read] } } },
      ],
      'GET /g2/role-mappings': [200, {}],
    })
    expect(await groups.roles('g1')).to.deep.equal([
      { id: 'r1', key: 'realm:customer', name: 'customer', description: null, composite: true, clientUuid: null },
      {
        id: 'r2',
        key: 'client:urn:shop:read',
        name: 'read',
        description: 'Reads',
        composite: false,
        clientUuid: 'uuid',
      },
    ])
    expect(await groups.roles('g2')).to.deep.equal([])
  })

  it('are written whole, because Keycloak takes away a description that is left out', async () => {
    const location = { location: 'http://kc.test/admin/realms/demo/groups/new-id' }
    const { groups, asked } = start({
      'POST ': [201, undefined, location],
      'POST /g1/children': [[201, row('x'), location], [204]],
      'PUT /g1': [204],
      'DELETE /g1': [204],
    })
    const fields = { name: 'x', description: null, attributes: { a: ['1'] } }
    expect(await groups.create(fields, null)).to.equal('new-id')
    expect(await groups.create({ ...fields, description: 'A' }, 'g1')).to.equal('new-id')
    await groups.change('g1', { ...fields, description: 'B' })
    await groups.move({ id: 'g2', name: 'x' }, 'g1')
    await groups.remove('g1')
    expect(asked).to.deep.equal([
      'POST  {"name":"x","attributes":{"a":["1"]}}',
      'POST /g1/children {"name":"x","attributes":{"a":["1"]},"description":"A"}',
      'PUT /g1 {"name":"x","attributes":{"a":["1"]},"description":"B"}',
      'POST /g1/children {"id":"g2","name":"x"}',
      'DELETE /g1',
    ])
  })

  it('get and lose roles of the realm and of clients, each at their own address', async () => {
    const of = (id: string, clientUuid: string | null) => ({
      id,
      clientUuid,
      ...{ key: id, name: id, description: null, composite: false },
    })
    const { groups, asked } = start({
      'POST /g1/role-mappings/realm': [204],
      'DELETE /g1/role-mappings/clients/a%2Fb': [204],
    })
    await groups.assign('g1', [of('r1', null), of('r2', null)])
    await groups.withdraw('g1', [of('r3', 'a/b')])
    expect(asked).to.deep.equal([
      'POST /g1/role-mappings/realm [{"id":"r1","name":"r1"},{"id":"r2","name":"r2"}]',
      'DELETE /g1/role-mappings/clients/a%2Fb [{"id":"r3","name":"r3"}]',
    ])
  })

  for (const [what, reply, code] of [
    ['nothing there', [404, { error: 'Could not find group by id' }], 'GROUP_NOT_FOUND'],
    ['a name that is taken', [409, { errorMessage: 'Sibling group' }], 'GROUP_EXISTS'],
    ['too few rights', [403, { error: 'HTTP 403 Forbidden' }], 'KEYCLOAK_REFUSED'],
    ['a fault of its own, as for a loop', [500, { error: 'unknown_error' }], 'KEYCLOAK_UNAVAILABLE'],
    ['something else', [200, { hello: 'world' }], 'KEYCLOAK_UNAVAILABLE'],
    ['a group without an id', [200, { ...row(''), name: 'x' }], 'KEYCLOAK_UNAVAILABLE'],
    ['a list for one group', [200, [row('g1')]], 'KEYCLOAK_UNAVAILABLE'],
  ] satisfies [string, Reply, string][])
    it(`answered with ${what}: ${code}`, async () => {
      expect(await codeOf(start({ 'GET /g1': reply }).groups.read('g1'))).to.equal(code)
    })
})
