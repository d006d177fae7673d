import { expect } from 'chai'
import { type BadInput, expectEach, itRefuses } from '../it-refuses.ts'
import { neverFails } from '../never-fails.ts'
import { type RoleHttpWorld, serveRoles } from './role-http-world.ts'

const long = (length: number) => 'x'.repeat(length)
const TILL = '/roles/role-3'

const ROWS: BadInput[] = [
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

  itRefuses(
    ROWS,
    () => world,
    () => expect(world.realm.writes).to.deep.equal([]),
  )

  it('ids of other realms, by saying that there is no such role', async () => {
    const path = '/roles/7ee03d9c-79ad-47a5-893c-ec3f3e3b6408'
    await expectEach(
      [
        ['GET', path],
        ['PATCH', path, { description: 'x' }],
        ['DELETE', path],
        ['GET', `${path}/composites`],
        ['POST', `${path}/composites`, { roles: ['realm:till'] }],
        ['DELETE', `${path}/composites`, { roles: ['realm:till'] }],
        ['GET', `${path}/users`],
        ['GET', `${path}/usage`],
      ],
      world,
      [404, 'ROLE_NOT_FOUND'],
    )
    expect(world.realm.writes).to.deep.equal([])
  })

  it('whatever else comes, without ever failing and without half a change', async () => {
    await neverFails(world, {
      paths: ['/roles', TILL, `${TILL}/composites`, '/roles/role-1', '/roles/role-1/composites'],
      members: ['name', 'client', 'description', 'attributes', 'composites', 'roles', 'version', 'x'],
      values: ['shop', ['realm:till'], null, true, 'till'],
    })
  })
})
