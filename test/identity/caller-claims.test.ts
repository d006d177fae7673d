import { expect } from 'chai'
import fc from 'fast-check'
import { readCallerClaims } from '../../src/identity/caller-claims.ts'

const ODD: unknown[] = [
  undefined,
  null,
  0,
  5,
  NaN,
  Infinity,
  true,
  '',
  'admin',
  [],
  ['admin'],
  [['admin']],
  {},
  { roles: 'admin' },
]
const TEXTS = ['username', 'email', 'name', 'acr'] as const
const LISTS = ['roles', 'groups', 'scopes'] as const

describe('claims', () => {
  it('are read as Keycloak writes them', () => {
    const claims = {
      sub: 'abc',
      preferred_username: 'alice',
      email: 'alice@wonderland.example',
      name: 'Alice',
      realm_access: { roles: ['customer'] },
      resource_access: { 'orders-api': { roles: ['reader', 'writer'] }, account: { roles: ['view-profile'] } },
      groups: ['/staff/support'],
      scope: 'openid profile',
      acr: 'gold',
      auth_time: 1_700_000_000,
    }
    expect(readCallerClaims(claims)).to.deep.equal({
      id: 'abc',
      username: 'alice',
      email: 'alice@wonderland.example',
      name: 'Alice',
      roles: ['realm:customer', 'client:orders-api:reader', 'client:orders-api:writer', 'client:account:view-profile'],
      groups: ['/staff/support'],
      scopes: ['openid', 'profile'],
      acr: 'gold',
      authTime: 1_700_000_000,
    })
  })

  it('keep the two kinds of roles apart, whatever a client or a role is called', () => {
    const { roles } = readCallerClaims({
      sub: 'x',
      realm_access: { roles: ['client:orders-api:reader', 'realm:admin'] },
      resource_access: { realm: { roles: ['admin'] }, 'a:b': { roles: ['c'] }, client: { roles: ['x:y'] } },
    })
    expect(roles).to.deep.equal([
      'realm:client:orders-api:reader',
      'realm:realm:admin',
      'client:realm:admin',
      'client:client:x:y',
    ])
  })

  it('from Object.prototype are not there', () => {
    const hostile = JSON.parse('{"__proto__":{"realm_access":{"roles":["admin"]}},"constructor":{"roles":["admin"]}}')
    expect(readCallerClaims({ sub: 'x', ...hostile }).roles).to.deep.equal([])
    const nested = JSON.parse('{"realm_access":{"__proto__":{"roles":["admin"]}}}')
    expect(readCallerClaims({ sub: 'x', ...nested }).roles).to.deep.equal([])
  })

  it('of scope come from the token before the answer around it', () => {
    expect(readCallerClaims({ scope: 'a b' }, 'c').scopes).to.deep.equal(['a', 'b'])
    expect(readCallerClaims({}, 'c  d').scopes).to.deep.equal(['c', 'd'])
    expect(readCallerClaims({ scope: ['a'] }, undefined).scopes).to.deep.equal([])
  })

  it('are bounded: thousands of roles and endless names do not grow a session', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `role-${i}`)
    const caller = readCallerClaims({
      name: 'x'.repeat(2_000),
      groups: many,
      realm_access: { roles: [...many, 'x'.repeat(2_000)] },
      resource_access: Object.fromEntries(many.map((client) => [client, { roles: ['a'] }])),
    })
    expect(caller.name).to.equal(null)
    expect(caller.groups.length).to.be.at.most(1_000)
    expect(caller.roles.length).to.be.at.most(2_000)
    expect(caller.roles.some((role) => role.length > 1_100)).to.equal(false)
  })

  it('of any kind give texts, lists of texts and nothing else', () => {
    const value = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue())
    const names = [
      'sub',
      'preferred_username',
      'email',
      'name',
      'realm_access',
      'resource_access',
      'groups',
      'scope',
      'acr',
      'auth_time',
    ]
    const claims = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
    fc.assert(
      fc.property(claims, (given) => {
        const caller = readCallerClaims(given)
        expect(caller.id).to.be.a('string')
        for (const name of TEXTS) expect(caller[name] === null || typeof caller[name] === 'string').to.equal(true)
        for (const name of LISTS) for (const item of caller[name]) expect(item).to.be.a('string')
        expect(caller.authTime === null || Number.isFinite(caller.authTime)).to.equal(true)
        const text = JSON.stringify(caller)
        expect(JSON.stringify(JSON.parse(text))).to.equal(text)
      }),
      { numRuns: 2_000 },
    )
  })
})
