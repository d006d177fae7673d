import { expect } from 'chai'
import fc from 'fast-check'
import { type BadInput, expectEach, itRefuses } from '../it-refuses.ts'
import { idOf } from './fake-scopes.ts'
import { type ScopeWorld, serveScopes } from './scope-world.ts'

const PATH = `/scopes/${idOf('plain')}`
const ok = { name: 'reports.read' }
const whole = { name: 'a', description: null, resource: null, includeInTokenScope: true, showOnConsentScreen: true }
const long = (length: number) => 'x'.repeat(length)
const many = Array.from({ length: 51 }, (_, at) => `realm:r${at}`)

const ROWS: BadInput[] = [
  ['no body', 'POST', '/scopes', undefined, '(body)'],
  ['a list instead of an object', 'POST', '/scopes', [ok], '(body)'],
  ['no name', 'POST', '/scopes', {}, 'name'],
  ['a name of nothing', 'POST', '/scopes', { name: '' }, 'name'],
  ['a name that is a number', 'POST', '/scopes', { name: 7 }, 'name'],
  ['two scopes in a name', 'POST', '/scopes', { name: 'orders.read admin:users.write' }, 'name'],
  ['a quotation mark', 'POST', '/scopes', { name: 'a"b' }, 'name'],
  ['a backslash', 'POST', '/scopes', { name: 'a\\b' }, 'name'],
  ['a letter that is not ASCII', 'POST', '/scopes', { name: 'bestellungen.ändern' }, 'name'],
  ['a letter that looks like another', 'POST', '/scopes', { name: 'аdmin:users.write' }, 'name'],
  ['a NUL', 'POST', '/scopes', { name: 'a\u0000' }, 'name'],
  ['a line break at the end', 'POST', '/scopes', { name: 'a\n' }, 'name'],
  ['a name without end', 'POST', '/scopes', { name: long(101) }, 'name'],
  ['openid', 'POST', '/scopes', { name: 'openid' }, 'name'],
  ['a built-in scope', 'POST', '/scopes', { name: 'offline_access' }, 'name'],
  ['a built-in scope in capitals', 'POST', '/scopes', { name: 'Email' }, 'name'],
  ['an organization', 'POST', '/scopes', { name: 'organization:acme' }, 'name'],
  ['a permission that is none', 'POST', '/scopes', { name: 'admin:everything' }, 'name'],
  ['a permission without a name', 'POST', '/scopes', { name: 'admin:' }, 'name'],
  ['a built-in name for a scope that is there', 'PATCH', PATH, { name: 'profile' }, 'name'],
  [
    'members nobody knows',
    'POST',
    '/scopes',
    { ...ok, protocol: 'saml', protocolMappers: [{}], attributes: {}, id: 'x' },
    ...['protocol', 'protocolMappers', 'attributes', 'id'],
  ],
  ['a prototype', 'POST', '/scopes', '{"name":"a","__proto__":{"roles":["realm:admin"]}}', '__proto__'],
  ['a member that comes twice', 'POST', '/scopes', '{"name":"a","name":"b"}', 'name'],
  ['a member that comes twice in another spelling', 'POST', '/scopes', '{"roles":[],"\\u0072oles":[]}', 'roles'],
  ['a description of two lines', 'POST', '/scopes', { ...ok, description: 'a\nb' }, 'description'],
  ['a description without end', 'POST', '/scopes', { ...ok, description: long(256) }, 'description'],
  ['half a character', 'POST', '/scopes', '{"name":"a","consentText":"\\ud800"}', 'consentText'],
  ['text that turns round', 'POST', '/scopes', { ...ok, consentText: 'Read \u202enothing' }, 'consentText'],
  ['a resource of blanks', 'POST', '/scopes', { ...ok, resource: '  ' }, 'resource'],
  [
    'flags in words',
    'POST',
    '/scopes',
    { ...ok, includeInTokenScope: 'true', showOnConsentScreen: 1 },
    ...['includeInTokenScope', 'showOnConsentScreen'],
  ],
  ['roles that are no list', 'POST', '/scopes', { ...ok, roles: 'realm:admin' }, 'roles'],
  ['a role without its kind', 'POST', '/scopes', { ...ok, roles: ['admin'] }, 'roles.0'],
  ['a role twice', 'POST', '/scopes', { ...ok, roles: ['realm:admin', 'realm:admin'] }, 'roles'],
  ['more roles than can be', 'POST', '/scopes', { ...ok, roles: many }, 'roles'],
  ['roles that are not there', 'POST', '/scopes', { ...ok, roles: ['realm:admin', 'client:x:y'] }, 'roles.1'],
  ['a role that is a way elsewhere', 'POST', '/scopes', { ...ok, roles: ['realm:..'] }, 'roles.0'],
  ['no roles', 'PUT', `${PATH}/roles`, { version: 'aaaaaa' }, 'roles'],
  ['a replacement of which something is missing', 'PUT', PATH, { ...whole, version: 'aaaaaa' }, 'consentText'],
  ['a change of nothing', 'PATCH', PATH, {}, '(body)'],
  ['a change of nothing but the version', 'PATCH', PATH, { version: 'aaaaaa' }, '(body)'],
  ['a version that is none', 'PATCH', PATH, { description: 'x', version: 'the latest' }, 'version'],
  ['roles within a change', 'PATCH', PATH, { roles: [] }, 'roles', '(body)'],
  ['an id of a path', 'GET', '/scopes/%2e%2e%2fusers', undefined, 'id'],
  ['an id of blanks', 'DELETE', '/scopes/%20', undefined, 'id'],
  ['an id without end', 'GET', `/scopes/${long(65)}/roles`, undefined, 'id'],
  ['a page without end', 'GET', '/scopes?max=101', undefined, 'max'],
  ['a page before the first', 'GET', '/scopes?first=-1', undefined, 'first'],
  ['a search that comes twice', 'GET', '/scopes?search=a&search=b', undefined, 'search'],
  ['a filter nobody knows', 'GET', '/scopes?protocol=saml', undefined, 'protocol'],
  ['a parameter nobody knows', 'DELETE', `${PATH}?force=true`, undefined, 'force'],
  ['a page of clients without end', 'GET', `${PATH}/clients?max=0`, undefined, 'max'],
]

describe('Bad input about scopes', () => {
  let world: ScopeWorld
  before(async () => {
    world = await serveScopes()
  })
  after(() => world.close())

  itRefuses(
    ROWS,
    () => world,
    () => expect([world.scopes.writes, world.rows]).to.deep.equal([[], []]),
  )

  for (const [value, status] of [
    ['"not a version"', 400],
    ['aaaaaa', 400],
    ['W/"aaaaaa"', 400],
    ['"aaaaaa", "bbbbbb"', 400],
    ['"aaaaaa"', 409],
  ] as const)
    it(`is an If-Match that ${status === 400 ? 'is none' : 'is of something else'}: ${value}`, async () => {
      const answer = await world.ask('DELETE', PATH, undefined, { 'if-match': value })
      expect(answer.status).to.equal(status)
      expect(world.scopes.writes).to.deep.equal([])
    })

  it('is a version in the body that differs from the one in the header', async () => {
    const sent = { description: 'x', version: 'aaaaaa' }
    const answer = await world.ask('PATCH', PATH, sent, { 'if-match': '"bbbbbb"' })
    expect(answer.body.error.details.fields[0]).to.deep.equal({ field: 'version', problem: 'differs from If-Match' })
  })

  it('is the id of nothing, of another realm too: for each method', async () => {
    const path = '/scopes/8e4659ce-2838-4279-a663-dae15c3738be'
    const version = 'aaaaaa'
    await expectEach(
      [
        ['GET', path],
        ['PATCH', path, { description: 'x' }],
        ['PUT', path, { ...whole, consentText: null, version }],
        ['DELETE', path],
        ['GET', `${path}/roles`],
        ['PUT', `${path}/roles`, { roles: [], version }],
        ['GET', `${path}/clients`],
      ],
      world,
      [404, 'SCOPE_NOT_FOUND'],
    )
  })

  it('is a method that is not there: it is answered with those that are', async () => {
    for (const [method, path, allow] of [
      ['DELETE', '/scopes', 'GET, HEAD, POST'],
      ['POST', PATH, 'GET, HEAD, PUT, PATCH, DELETE'],
      ['POST', `${PATH}/roles`, 'GET, HEAD, PUT'],
      ['DELETE', `${PATH}/clients`, 'GET, HEAD'],
    ] as const) {
      const { status, headers } = await world.ask(method, path)
      expect([status, headers.get('allow')]).to.deep.equal([405, allow])
    }
  })

  it('never makes a scope of a name that a token could not carry as one word', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), async (name) => {
        const fresh = await serveScopes({})
        try {
          const { status } = await fresh.ask('POST', '/scopes', { name })
          expect(status).to.equal(/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name) ? 201 : 400)
          expect(fresh.scopes.names()).to.deep.equal(status === 201 ? [name] : [])
        } finally {
          fresh.close()
        }
      }),
      { numRuns: 60 },
    )
  })
})
