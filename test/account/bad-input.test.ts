import { expect } from 'chai'
import fc from 'fast-check'
import { type AccountWorld, openAccounts, RIGHT } from './account-world.ts'

const V = 'AAAAAA.AAAAAA.AAAAAA.AAAAAA.AAAAAA'
const names = { firstName: 'A', lastName: 'L' }
const BAD: [what: string, method: string, path: string, body: object | string, field: string][] = [
  ['no version', 'PUT', '', names, 'version'],
  ['a version that is none', 'PUT', '', { ...names, version: '7' }, 'version'],
  ['no names', 'PUT', '', { version: V, lastName: 'L' }, 'firstName'],
  ['a name that is a list', 'PUT', '', { ...names, version: V, firstName: ['A'] }, 'firstName'],
  ['a name of a novel', 'PUT', '', { ...names, version: V, firstName: 'x'.repeat(256) }, 'firstName'],
  ['half a character', 'PUT', '', '{"version":"AAAAAA","firstName":"\\ud800","lastName":"L"}', 'firstName'],
  ['a control character', 'PUT', '', { ...names, version: V, lastName: 'L\u0000' }, 'lastName'],
  ['an address that is none', 'PUT', '', { ...names, version: V, email: 'alice' }, 'email'],
  ['the name of a service', 'PUT', '', { ...names, version: V, username: 'Service-Account-x' }, 'username'],
  ['roles', 'PUT', '', { ...names, version: V, realmRoles: ['admin'] }, 'realmRoles'],
  ['attributes', 'PUT', '', { ...names, version: V, attributes: {} }, 'attributes'],
  ['a verified address', 'PUT', '', { ...names, version: V, emailVerified: true }, 'emailVerified'],
  ['an enabled account', 'PUT', '', { ...names, version: V, enabled: true }, 'enabled'],
  ['a list for a body', 'PUT', '', [], '(body)'],
  ['no current password', 'PATCH', '/password', { newPassword: 'x' }, 'currentPassword'],
  ['an empty password', 'PATCH', '/password', { currentPassword: RIGHT, newPassword: '' }, 'newPassword'],
  [
    'an endless password',
    'PATCH',
    '/password',
    { currentPassword: 'x'.repeat(1025), newPassword: 'y' },
    'currentPassword',
  ],
  ['a code of letters', 'PATCH', '/password', { currentPassword: RIGHT, newPassword: 'y', otp: 'abcdef' }, 'otp'],
  ['a confirmation', 'DELETE', '', { yes: true }, 'yes'],
  ['a credential of another shape', 'DELETE', '/credentials/a%20b', {}, 'id'],
  ['a client of another shape', 'DELETE', '/consents/a%20b', {}, 'clientId'],
]

describe('Bad input for the own account', () => {
  let world: AccountWorld
  beforeEach(async () => {
    world = await openAccounts()
    world.as({ authTime: world.clock.now() / 1000 })
  })
  afterEach(() => world.close())

  for (const [what, method, path, body, field] of BAD)
    it(`${what} (${method} /me${path}): is refused, naming ${field}`, async () => {
      const { status, error } = await world.ask(`/me${path}`, method, body)
      expect([status, error.code]).to.deep.equal([400, 'INVALID_REQUEST'])
      expect(error.details.fields.map((one: { field: string }) => one.field)).to.include(field)
      expect(world.done).to.deep.equal([])
    })

  it('queries, other methods and other bodies are refused', async () => {
    expect((await world.ask('/me?x=1')).error.details.fields[0].field).to.equal('x')
    expect((await world.ask('/me', 'PATCH')).status).to.equal(405)
    expect((await world.ask('/me/password', 'PUT')).status).to.equal(405)
    expect((await world.ask('/me', 'PUT', '{')).status).to.equal(400)
    expect((await world.ask('/me/credentials/nope', 'DELETE')).error.code).to.equal('CREDENTIAL_NOT_FOUND')
    expect((await world.ask('/me/credentials/p', 'DELETE')).error.code).to.equal('LAST_CREDENTIAL')
    expect((await world.ask('/me/consents/nope', 'DELETE')).error.code).to.equal('CONSENT_NOT_FOUND')
    expect(world.done).to.deep.equal([])
  })

  it('a service client is told that this is for people', async () => {
    world.as({ username: 'service-account-orders' })
    for (const [path, method] of [
      ['', 'GET'],
      ['', 'DELETE'],
      ['/credentials', 'GET'],
      ['/consents', 'GET'],
    ] as const)
      expect((await world.ask(`/me${path}`, method)).error.code).to.equal('NOT_A_PERSON')
  })

  it('anything else is never a 5xx and changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom('PUT ', 'PATCH /password', 'DELETE '), async (body, call) => {
        const [method = '', path = ''] = call.split(' ')
        fc.pre(!(method === 'DELETE' && JSON.stringify(body) === '{}'))
        const { status } = await world.ask(`/me${path}`, method, JSON.stringify(body))
        expect(status).to.equal(400)
      }),
      { numRuns: 60 },
    )
    expect(world.done).to.deep.equal([])
  })
})
