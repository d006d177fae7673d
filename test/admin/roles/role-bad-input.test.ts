import { expect } from 'chai'
import fc from 'fast-check'
import { type RoleHttpWorld, serveRoles } from './role-http-world.ts'

const long = (length: number) => 'x'.repeat(length)
const TILL = '/roles/role-3'

type Row = [what: string, method: string, path: string, body: unknown, ...fields: string[]]
const ROWS: Row[] = [
  ['no body', 'POST', '/roles', undefined, '(body)'],
  ['a list instead of an object', 'POST', '/roles', [], '(body)'],
  ['no name', 'POST', '/roles', {}, 'name'],
  ['a name of nothing', 'POST', '/roles', { name: '' }, 'name'],
  ['a name that is a number', 'POST', '/roles', { name: 7 }, 'name'],
  ['a name that is a place', 'POST', '/roles', { name: '..' }, 'name'],
  ['a name with a NUL', 'POST', '/roles', { name: 'a\u0000' }, 'name'],
  ['a name of two lines', 'POST', '/roles', { name: 'a\u2028b' }, 'name'],
  ['a name that reads backwards', 'POST', '/roles', { name: 'a\u202eb' }, 'name'],
  ['a name with half a character', 'POST', '/roles', '{"name":"ab\\ud800"}', 'name'],
  ['a name in another Unicode form', 'POST', '/roles', { name: 'Ku\u0308che' }, 'name'],
  ['a name with blanks around it', 'POST', '/roles', { name: ' admin' }, 'name'],
  ['a name without end', 'POST', '/roles', { name: long(256) }, 'name'],
  ['a description without end', 'POST', '/roles', { name: 'x', description: long(256) }, 'description'],
  [
    'members nobody knows',
    'POST',
    '/roles',
    { name: 'x', id: '1', composite: true, containerId: 'y' },
    'id',
    'composite',
    'containerId',
  ],
  ['a prototype', 'POST', '/roles', '{"name":"x","__proto__":{"client":"shop"}}', '__proto__'],
  ['a member that comes twice', 'POST', '/roles', '{"name":"x","name":"admin"}', 'name'],
  ['attributes that are no lists', 'POST', '/roles', { name: 'x', attributes: { a: 'b' } }, 'attributes.a'],
  ['an attribute without values', 'POST', '/roles', { name: 'x', attributes: { a: [] } }, 'attributes.a'],
  ['an attribute without end', 'POST', '/roles', { name: 'x', attributes: { a: [long(256)] } }, 'attributes.a.0'],
  ['a client that is not there', 'POST', '/roles', { name: 'x', client: 'nobody' }, 'client'],
  ['a client that is a list', 'POST', '/roles', { name: 'x', client: ['shop'] }, 'client'],
  ['composites that are no list', 'POST', '/roles', { name: 'x', composites: 'realm:till' }, 'composites'],
  ['a composite twice', 'POST', '/roles', { name: 'x', composites: ['realm:till', 'realm:till'] }, 'composites'],
  ['a composite without a kind', 'POST', '/roles', { name: 'x', composites: ['till'] }, 'composites.0'],
  [
    'a composite that is not there',
    'POST',
    '/roles',
    { name: 'x', composites: ['realm:till', 'realm:no'] },
    'composites.1',
  ],
  [
    'too many composites',
    'POST',
    '/roles',
    { name: 'x', composites: Array.from({ length: 51 }, (_, i) => `realm:${i}`) },
    'composites',
  ],
  ['a change of nothing', 'PATCH', TILL, {}, '(body)'],
  ['a change of a version only', 'PATCH', TILL, { version: 'abcdef' }, '(body)'],
  ['a version that is none', 'PATCH', TILL, { description: 'x', version: 'now' }, 'version'],
  ['another owner', 'PATCH', TILL, { client: 'shop' }, 'client', '(body)'],
  ['composites in a change', 'PATCH', TILL, { composites: [] }, 'composites', '(body)'],
  ['the name of what everybody has', 'PATCH', TILL, { name: 'default-roles-shop' }, 'name'],
  ['no roles', 'POST', `${TILL}/composites`, { roles: [] }, 'roles'],
  ['a role that is not there', 'POST', `${TILL}/composites`, { roles: ['client:shop:no'] }, 'roles.0'],
  ['no body to take out', 'DELETE', `${TILL}/composites`, undefined, '(body)'],
  ['an id of dots', 'PATCH', '/roles/...', { description: 'x' }, 'id'],
  ['an id with a slash', 'GET', '/roles/a%2Fb', undefined, 'id'],
  ['a name for an id', 'GET', '/roles/realm:till', undefined, 'id'],
  ['a force that is none', 'DELETE', `${TILL}?force=yes`, undefined, 'force'],
  ['a force that comes twice', 'DELETE', `${TILL}?force=true&force=true`, undefined, 'force'],
  ['a page too large', 'GET', '/roles?max=101', undefined, 'max'],
  ['a search that comes twice', 'GET', '/roles?search=a&search=b', undefined, 'search'],
  ['a filter nobody knows', 'GET', '/roles?composite=true', undefined, 'composite'],
  ['holders before the first', 'GET', `${TILL}/users?first=-1`, undefined, 'first'],
]

describe('The endpoints for roles refuse', () => {
  let world: RoleHttpWorld
  beforeEach(async () => {
    world = await serveRoles()
  })
  afterEach(() => world.close())

  for (const [what, method, path, body, ...fields] of ROWS)
    it(`${what}: ${method} ${path}`, async () => {
      const answer = await world.ask(method, path, body)
      expect([answer.status, answer.body.error.code]).to.deep.equal([400, 'INVALID_REQUEST'])
      const named = answer.body.error.details.fields.map(({ field }: { field: string }) => field)
      expect(named).to.deep.equal(fields)
      for (const { problem } of answer.body.error.details.fields) expect(problem).to.match(/^\S.*[^.]$/)
      expect(world.realm.writes).to.deep.equal([])
    })

  it('ids of other realms, by saying that there is no such role', async () => {
    const id = '7ee03d9c-79ad-47a5-893c-ec3f3e3b6408'
    for (const [method, below, body] of [
      ['GET', ''],
      ['PATCH', '', { description: 'x' }],
      ['DELETE', ''],
      ['GET', '/composites'],
      ['POST', '/composites', { roles: ['realm:till'] }],
      ['DELETE', '/composites', { roles: ['realm:till'] }],
      ['GET', '/users'],
      ['GET', '/usage'],
    ] as const) {
      const answer = await world.ask(method, `/roles/${id}${below}`, body)
      expect([answer.status, answer.body.error?.code], `${method} ${below}`).to.deep.equal([404, 'ROLE_NOT_FOUND'])
    }
    expect(world.realm.writes).to.deep.equal([])
  })

  it('whatever else comes, without ever failing and without half a change', async () => {
    const member = fc.constantFrom('name', 'client', 'description', 'attributes', 'composites', 'roles', 'version', 'x')
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('shop', ['realm:till'], null, true, 'till'))
    const bodies = fc.oneof(fc.dictionary(member, value, { maxKeys: 3 }), fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'),
        fc.constantFrom('/roles', TILL, `${TILL}/composites`, '/roles/role-1', '/roles/role-1/composites'),
        bodies,
        async (method, path, body) => {
          const answer = await world.ask(method, path, body ?? {})
          expect(answer.status, JSON.stringify(answer.body)).to.be.lessThan(500)
          if (answer.status >= 400) expect(answer.body.error.code).to.match(/^[A-Z_]+$/)
        },
      ),
      { numRuns: 150 },
    )
  })
})
