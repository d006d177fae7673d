import { expect } from 'chai'
import fc from 'fast-check'
import { ADMINISTRATION, permissionFor } from '../../src/access/administration.ts'
import { PERMISSIONS, permissionsOf, permissionsOfRoles, ROLE_PERMISSIONS } from '../../src/access/permissions.ts'
import { apiOperations } from '../../src/assembly/api-operations.ts'

const ALL = Object.keys(PERMISSIONS)
const person = { method: 'session', username: 'alice', roles: [], scopes: [] }
const service = { ...person, method: 'bearer', username: 'service-account-robot' }

describe('Permissions', () => {
  it('come with roles: an administrator has all of them, the others only theirs', () => {
    expect([...permissionsOfRoles(['realm:admin'])]).to.have.members(ALL)
    expect([...permissionsOfRoles(['realm:auditor'])])
      .to.include('audit.read')
      .and.not.include('users.write')
    expect([
      ...permissionsOfRoles(['realm:customer', 'client:x:admin', 'admin', '__proto__', 'constructor']),
    ]).to.deep.equal([])
  })

  it('of changing who may do what are for administrators alone', () => {
    for (const [role, permissions] of Object.entries(ROLE_PERMISSIONS)) {
      if (role === 'realm:admin') continue
      for (const power of [
        'roles.assign-any',
        'roles.write',
        'groups.write',
        'clients.write',
        'scopes.write',
        'users.delete',
      ])
        expect(permissions, role).not.to.include(power)
    }
  })

  it('come with scopes to service clients, and never to people, whatever their tokens say', () => {
    const scopes = ['openid', 'admin:users.read', 'admin:nonsense', 'users.write', 'admin:']
    expect([...permissionsOf({ ...service, scopes })]).to.deep.equal(['users.read'])
    expect([...permissionsOf({ ...person, scopes })]).to.deep.equal([])
    expect([...permissionsOf({ ...person, method: 'bearer', scopes })]).to.deep.equal([])
    expect([...permissionsOf({ ...service, method: 'session', scopes })]).to.deep.equal([])
  })
})

describe('The table of administration', () => {
  const administrative = apiOperations.filter(({ who }) => who === 'administrator')
  const pathOf = (path: string) => path.replace('{prefix}', '').replaceAll(/\{(\w+)\}/g, 'x')

  it('has a row for every endpoint of administrators', () => {
    for (const { id, method, path } of administrative)
      expect(permissionFor(method.toUpperCase(), pathOf(path)), id).to.be.a('string')
  })

  it('has no row that is for nothing', () => {
    const endpoints = administrative.map(({ method, path }) => `${method.toUpperCase()} ${pathOf(path)}`)
    for (const [methods, path] of ADMINISTRATION)
      for (const method of methods.split(' '))
        expect(endpoints).to.include(`${method} ${path.replaceAll(/:\w+/g, 'x')}`)
  })

  it('asks for HEAD what it asks for GET, and names nothing for what it does not know', () => {
    expect(permissionFor('HEAD', '/admin/users')).to.equal('users.read')
    for (const [method, path] of [
      ['GET', '/admin/users/'],
      ['GET', '/Admin/users'],
      ['POST', '/admin/users/x'],
      ['POST', '/admin/users/x/impersonation'],
      ['DELETE', '/admin'],
      ['GET', '/admin/users/x/y/z'],
    ] as const)
      expect(permissionFor(method, path), `${method} ${path}`).to.equal(undefined)
  })

  it('lets nobody write by a permission to read', () => {
    const path = fc.array(fc.constantFrom('admin', 'users', 'x', 'roles', 'groups', 'clients', 'cache', 'clear'), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE'), path, (method, segments) => {
        expect(permissionFor(method, `/${segments.join('/')}`) ?? 'none').not.to.match(/\.read$/)
      }),
    )
  })
})
