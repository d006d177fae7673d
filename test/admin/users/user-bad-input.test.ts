import { expect } from 'chai'
import { type BadInput, expectEach, itRefuses } from '../it-refuses.ts'
import { neverFails } from '../never-fails.ts'
import { serveUsers, type UserHttpWorld } from './user-http-world.ts'

const ok = { username: 'carol' }
const long = (length: number) => 'x'.repeat(length)

const ROWS: BadInput[] = [
  ['no body', 'POST', '/users', undefined, '(body)'],
  ['a list instead of an object', 'POST', '/users', [], '(body)'],
  ['no user name', 'POST', '/users', {}, 'username'],
  ['a user name of nothing', 'POST', '/users', { username: '' }, 'username'],
  ['a user name that is a number', 'POST', '/users', { username: 7 }, 'username'],
  ['a user name with a blank', 'POST', '/users', { username: 'a b' }, 'username'],
  ['a user name with a NUL', 'POST', '/users', { username: 'ab\u0000' }, 'username'],
  ['a user name with half a character', 'POST', '/users', '{"username":"ab\\ud800"}', 'username'],
  ['a user name without end', 'POST', '/users', { username: long(256) }, 'username'],
  ['the user name of a service', 'POST', '/users', { username: 'Service-Account-x' }, 'username'],
  [
    'members nobody knows',
    'POST',
    '/users',
    { ...ok, id: 'x', realmRoles: ['admin'], groups: [], credentials: [] },
    'id',
    'realmRoles',
    'groups',
    'credentials',
  ],
  ['a prototype', 'POST', '/users', '{"username":"carol","__proto__":{"enabled":false}}', '__proto__'],
  ['a member that comes twice', 'POST', '/users', '{"username":"carol","enabled":true,"enabled":false}', 'enabled'],
  [
    'a member that comes twice in another spelling',
    'POST',
    '/users',
    '{"username":"carol","\\u0075sername":"x"}',
    'username',
  ],
  ['an address that is none', 'POST', '/users', { ...ok, email: 'carol' }, 'email'],
  ['an address without end', 'POST', '/users', { ...ok, email: `${long(250)}@x.test` }, 'email'],
  ['a name of two lines', 'POST', '/users', { ...ok, firstName: 'a\nb' }, 'firstName'],
  ['a flag in words', 'POST', '/users', { ...ok, enabled: 'true', emailVerified: 1 }, 'enabled', 'emailVerified'],
  [
    'attributes that are no lists',
    'POST',
    '/users',
    { ...ok, attributes: { department: 'x' } },
    'attributes.department',
  ],
  [
    'an attribute of the wrong kind',
    'POST',
    '/users',
    { ...ok, attributes: { department: [1] } },
    'attributes.department.0',
  ],
  [
    'an attribute the realm does not know',
    'POST',
    '/users',
    { ...ok, attributes: { shoes: ['x'] } },
    'attributes.shoes',
  ],
  ['an action the realm does not know', 'POST', '/users', { ...ok, requiredActions: ['DANCE'] }, 'requiredActions.0'],
  [
    'an action twice',
    'POST',
    '/users',
    { ...ok, requiredActions: ['VERIFY_EMAIL', 'VERIFY_EMAIL'] },
    'requiredActions',
  ],
  ['an empty password', 'POST', '/users', { ...ok, password: '' }, 'password'],
  ['a password without end', 'POST', '/users', { ...ok, password: long(257) }, 'password'],
  ['a temporary nothing', 'POST', '/users', { ...ok, temporary: true }, 'temporary'],
  ['a change of nothing', 'PATCH', '/users/ann', {}, '(body)'],
  ['a change of a version only', 'PATCH', '/users/ann', { version: 'abcdef' }, '(body)'],
  ['a version that is none', 'PATCH', '/users/ann', { lastName: 'x', version: 'now' }, 'version'],
  ['roles in a profile', 'PATCH', '/users/ann', { roles: ['realm:admin'] }, 'roles', '(body)'],
  ['no password at all', 'PUT', '/users/ann/password', {}, 'password'],
  ['a password with more beside it', 'PUT', '/users/ann/password', { password: 'long enough', type: 'totp' }, 'type'],
  [
    'actions that are no list',
    'PUT',
    '/users/ann/required-actions',
    { requiredActions: 'VERIFY_EMAIL' },
    'requiredActions',
  ],
  ['no roles', 'POST', '/users/ann/roles', { roles: [] }, 'roles'],
  ['a role without a kind', 'POST', '/users/ann/roles', { roles: ['admin'] }, 'roles.0'],
  ['a role twice', 'POST', '/users/ann/roles', { roles: ['realm:customer', 'realm:customer'] }, 'roles'],
  ['a role that is a path', 'DELETE', '/users/ann/roles', { roles: ['realm:..'] }, 'roles.0'],
  ['a body where there is none', 'POST', '/users/ann/disable', { force: true }, 'force'],
  ['a query where there is none', 'DELETE', '/users/ann?force=true', undefined, 'force'],
  ['an id of dots', 'PATCH', '/users/...', { lastName: 'x' }, 'id'],
  ['a place of Keycloak instead of an id', 'GET', '/users/count', undefined, 'id'],
  ['the rules of Keycloak instead of an id', 'DELETE', '/users/profile', undefined, 'id'],
  ['a prototype in attributes', 'PATCH', '/users/ann', '{"attributes":{"__proto__":["x"]}}', '__proto__'],
  ['a name of 256 half characters', 'PATCH', '/users/ann', { lastName: '👩'.repeat(128) }, 'lastName'],
  ['an id with a slash', 'POST', '/users/a%2Fb/disable', undefined, 'id'],
  ['an id of a group with a blank', 'PUT', '/users/ann/groups/a%20b', undefined, 'groupId'],
  ['a search and a field', 'GET', '/users?search=a&username=b', undefined, 'username'],
  ['a search that comes twice', 'GET', '/users?search=a&search=b', undefined, 'search'],
  ['a flag that is none', 'GET', '/users?enabled=yes', undefined, 'enabled'],
  ['a page too large', 'GET', '/users?max=101', undefined, 'max'],
]

describe('The endpoints for users refuse', () => {
  let world: UserHttpWorld
  beforeEach(async () => {
    world = await serveUsers()
  })
  afterEach(() => world.close())

  itRefuses(
    ROWS,
    () => world,
    () => expect([world.realm.writes, world.asked]).to.deep.equal([[], []]),
  )

  it('what is no JSON, too much of it, or of another type', async () => {
    expect((await world.ask('POST', '/users', '{"username":')).body.error.code).to.equal('INVALID_REQUEST')
    const large = { ...ok, attributes: { department: [long(110_000)] } }
    expect((await world.ask('POST', '/users', large)).status).to.equal(413)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await world.ask('POST', '/users', 'username=carol', form)).status).to.equal(415)
  })

  it('ids of other realms, by saying that there is nobody', async () => {
    const calls: [method: string, below: string, body?: object][] = [
      ['GET', ''],
      ['PATCH', '', { lastName: 'x' }],
      ['DELETE', ''],
      ['POST', '/enable'],
      ['POST', '/disable'],
      ['PUT', '/password', { password: 'long enough' }],
      ['PUT', '/required-actions', { requiredActions: [] }],
      ['GET', '/lock'],
      ['GET', '/credentials'],
      ['DELETE', '/lock'],
      ['GET', '/roles'],
      ['POST', '/roles', { roles: ['realm:customer'] }],
      ['DELETE', '/roles', { roles: ['realm:customer'] }],
      ['PUT', '/groups/staff'],
      ['DELETE', '/groups/staff'],
    ]
    const path = '/users/7ee03d9c-79ad-47a5-893c-ec3f3e3b6408'
    await expectEach(
      calls.map(([method, below, body]) => [method, path + below, body]),
      world,
      [404, 'USER_NOT_FOUND'],
    )
    expect(world.realm.writes).to.deep.equal([])
  })

  it('whatever else comes, without ever failing and without half a change', async () => {
    const below = ['', '/password', '/required-actions', '/roles', '/disable', '/groups/staff', '/lock']
    await neverFails(world, {
      paths: below.map((path) => `/users/ann${path}`),
      members: [
        ...['email', 'firstName', 'enabled', 'attributes', 'password', 'temporary'],
        ...['roles', 'requiredActions', 'version', 'x'],
      ],
      values: ['realm:customer', ['realm:customer'], null, true, 'a@b'],
    })
  })
})
