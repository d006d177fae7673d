import { expect } from 'chai'
import fc from 'fast-check'
import { type BadInput, expectEach, itRefuses } from '../it-refuses.ts'
import { type GroupHttpWorld, serveGroups } from './group-http-world.ts'

const long = (length: number) => 'x'.repeat(length)

const NAMES: [what: string, name: unknown][] = [
  ['no text', 7],
  ['null', null],
  ['empty', ''],
  ['blanks', '  '],
  ['a blank before', ' a'],
  ['a list', ['a']],
  ['a slash', 'staff/support'],
  ['a line break', 'a\nb'],
  ['a zero', 'a\0b'],
  ['a separator', 'a\u2028b'],
  ['half a character', 'a\ud800'],
  ['no end', long(256)],
  ['256 half characters', '👩'.repeat(128)],
]
const REFUSED: BadInput[] = [
  ...NAMES.flatMap(([what, name]): BadInput[] => [
    [`a new name of ${what}`, 'POST', '/groups', { name }, 'name'],
    [`a changed name of ${what}`, 'PATCH', '/groups/staff', { name }, 'name'],
  ]),
  ['no name', 'POST', '/groups', {}, 'name'],
  ['a place of Keycloak instead of an id', 'PATCH', '/groups/count', { name: 'x' }, 'id'],
  ['a search of two lines', 'GET', '/groups?search=a%0ab', undefined, 'search'],
  ['no body', 'POST', '/groups', undefined, '(body)'],
  ['a list', 'POST', '/groups', [], '(body)'],
  ['an id', 'POST', '/groups', { id: 'staff', name: 'x' }, 'id'],
  ['groups below', 'POST', '/groups', { name: 'x', subGroups: [] }, 'subGroups'],
  ['roles', 'POST', '/groups', { name: 'x', realmRoles: ['admin'] }, 'realmRoles'],
  ['a path', 'PATCH', '/groups/staff', { path: '/x' }, 'path', '(body)'],
  ['a parent with other things', 'PATCH', '/groups/staff', { parentId: null }, 'parentId', '(body)'],
  ['a name twice', 'POST', '/groups', '{"name":"a","name":"b"}', 'name'],
  ['a description without end', 'POST', '/groups', { name: 'x', description: long(256) }, 'description'],
  ['a description of nothing', 'PATCH', '/groups/staff', { description: '' }, 'description'],
  ['attributes that are a list', 'PATCH', '/groups/staff', { attributes: [] }, 'attributes'],
  ['an attribute that is a text', 'PATCH', '/groups/staff', { attributes: { a: 'b' } }, 'attributes.a'],
  ['an attribute of nothing', 'PATCH', '/groups/staff', { attributes: { a: [] } }, 'attributes.a'],
  ['an attribute twice', 'PATCH', '/groups/staff', { attributes: { a: ['b', 'b'] } }, 'attributes.a'],
  ['an attribute without end', 'PATCH', '/groups/staff', { attributes: { a: [long(256)] } }, 'attributes.a.0'],
  [
    'many attributes',
    'PATCH',
    '/groups/staff',
    { attributes: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, ['b']])) },
    'attributes',
  ],
  ['nothing to change', 'PATCH', '/groups/staff', {}, '(body)'],
  ['nothing but a version', 'PATCH', '/groups/staff', { version: 'abcdef' }, '(body)'],
  ['a version that is none', 'PATCH', '/groups/staff', { name: 'x', version: '*' }, 'version'],
  [
    'a replacement without a version',
    'PUT',
    '/groups/staff',
    { name: 'x', description: null, attributes: {} },
    'version',
  ],
  ['half a replacement', 'PUT', '/groups/staff', { name: 'x', attributes: {}, version: 'abcdef' }, 'description'],
  ['a place that is left out', 'PUT', '/groups/staff/parent', {}, 'parentId'],
  ['a place that is a path', 'PUT', '/groups/staff/parent', { parentId: '../x' }, 'parentId'],
  ['a place that is empty', 'PUT', '/groups/staff/parent', { parentId: '' }, 'parentId'],
  ['a wish that is a word', 'DELETE', '/groups/staff?withContents=yes', undefined, 'withContents'],
  ['a wish that comes twice', 'DELETE', '/groups/staff?withContents=true&withContents=true', undefined, 'withContents'],
  ['a wish nobody knows', 'DELETE', '/groups/staff?force=true', undefined, 'force'],
  ['no roles', 'POST', '/groups/staff/roles', { roles: [] }, 'roles'],
  ['a role by its name alone', 'POST', '/groups/staff/roles', { roles: ['admin'] }, 'roles.0'],
  ['a role twice', 'DELETE', '/groups/staff/roles', { roles: ['realm:customer', 'realm:customer'] }, 'roles'],
  ['a role that is not there', 'POST', '/groups/staff/roles', { roles: ['realm:customer', 'realm:nope'] }, 'roles.1'],
  ['a role that is not there, to take', 'DELETE', '/groups/staff/roles', { roles: ['realm:nope'] }, 'roles.0'],
  ['a member with rights', 'PUT', '/groups/staff/members/ben', { admin: true }, 'admin'],
  ['an id with a dot', 'GET', '/groups/a.b', undefined, 'id'],
  ['an id with a slash in it', 'GET', '/groups/a%2Fb', undefined, 'id'],
  ['an id without end', 'DELETE', `/groups/${long(65)}`, undefined, 'id'],
  ['an id in other letters', 'GET', '/groups/%D0%B0dmin/roles', undefined, 'id'],
  ['a member id with a blank', 'PUT', '/groups/staff/members/a%20b', undefined, 'userId'],
  ['a page before the first', 'GET', '/groups/staff/members?first=-1', undefined, 'first'],
  ['a page too large', 'GET', '/groups/staff/children?max=101', undefined, 'max'],
  ['an empty search', 'GET', '/groups?search=', undefined, 'search'],
  ['a search that comes twice', 'GET', '/groups/staff/children?search=a&search=b', undefined, 'search'],
  ['a search of members', 'GET', '/groups/staff/members?search=a', undefined, 'search'],
  ['a parameter nobody knows', 'GET', '/groups?brief=true', undefined, 'brief'],
]

describe('The endpoints for groups refuse, and name the field', () => {
  let world: GroupHttpWorld
  before(async () => {
    world = await serveGroups()
  })
  after(() => world.close())
  const nothingWritten = () => expect(world.desk.realm.writes, 'nothing was written').to.deep.equal([])
  afterEach(nothingWritten)

  itRefuses(REFUSED, () => world, nothingWritten)

  it('an If-Match that is no version, or another one than in the body', async () => {
    for (const [header, body] of [
      ['"nonsense!"', { name: 'x' }],
      ['W/"abcdef"', { name: 'x' }],
      ['"abcdef"', { name: 'x', version: 'fedcba' }],
    ] as const) {
      const { status, body: answer } = await world.ask('PATCH', '/groups/staff', body, { 'If-Match': header })
      expect([status, answer.error.code], header).to.deep.equal([400, 'INVALID_REQUEST'])
    }
  })

  it('bodies of another type, and too large ones', async () => {
    const other = await world.ask('POST', '/groups', 'name=x', { 'content-type': 'text/plain' })
    expect(other.body.error.code).to.equal('UNSUPPORTED_MEDIA_TYPE')
    const large = await world.ask('POST', '/groups', { name: long(110_000) })
    expect(large.body.error.code).to.equal('PAYLOAD_TOO_LARGE')
  })

  it('groups and users that are not there, wherever they are named', async () => {
    await expectEach(
      [
        ['GET', '/groups/nobody'],
        ['GET', '/groups/nobody/children'],
        ['GET', '/groups/nobody/members'],
        ['GET', '/groups/nobody/roles'],
        ['PATCH', '/groups/nobody', { name: 'x' }],
        ['DELETE', '/groups/nobody'],
        ['POST', '/groups', { name: 'x', parentId: 'nobody' }],
        ['PUT', '/groups/nobody/parent', { parentId: null }],
        ['PUT', '/groups/staff/parent', { parentId: 'nobody' }],
        ['POST', '/groups/nobody/roles', { roles: ['realm:customer'] }],
        ['PUT', '/groups/nobody/members/ben'],
      ],
      world,
      [404, 'GROUP_NOT_FOUND'],
    )
    await expectEach(
      [
        ['PUT', '/groups/staff/members/nobody'],
        ['DELETE', '/groups/staff/members/nobody'],
      ],
      world,
      [404, 'USER_NOT_FOUND'],
    )
  })

  it('whatever else a name may be: a clear answer, never a failure of ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue(),
        fc.constantFrom('name', 'description', 'attributes', 'roles', 'parentId'),
        async (value, member) => {
          const answer = await world.ask('PATCH', '/groups/nobody', { [member]: value })
          expect(answer.status).to.be.oneOf([400, 404])
        },
      ),
      { numRuns: 100 },
    )
  })
})
