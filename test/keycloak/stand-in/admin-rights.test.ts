import { expect } from 'chai'
import { readAnswer } from './support/answer.ts'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'
import { adminRoles } from './support/test-realm.ts'

const forbidden = { error: 'HTTP 403 Forbidden' }

type Right = {
  what: string
  call: (bed: TestBed) => Promise<[string, string, unknown?]>
  roles: string[]
  empty?: string[]
}

const rights: Right[] = [
  {
    what: 'list people',
    call: async () => ['GET', '/users'],
    roles: ['view-users', 'manage-users', 'realm-admin'],
    empty: ['query-users'],
  },
  {
    what: 'read a person',
    call: async (bed) => ['GET', `/users/${await bed.userId('ada')}`],
    roles: ['view-users', 'manage-users', 'realm-admin'],
  },
  {
    what: 'read groups of a person',
    call: async (bed) => ['GET', `/users/${await bed.userId('ada')}/groups`],
    roles: ['view-users', 'manage-users', 'realm-admin'],
  },
  {
    what: 'list groups',
    call: async () => ['GET', '/groups'],
    roles: ['view-users', 'manage-users', 'realm-admin'],
    empty: ['query-groups'],
  },
  {
    what: 'change a person',
    call: async (bed) => ['PUT', `/users/${await bed.userId('ben')}`, { lastName: 'Test' }],
    roles: ['manage-users', 'realm-admin'],
  },
  {
    what: 'sign a person out',
    call: async (bed) => ['POST', `/users/${await bed.userId('ben')}/logout`],
    roles: ['manage-users', 'realm-admin'],
  },
  {
    what: 'list clients',
    call: async () => ['GET', '/clients?clientId=gw'],
    roles: ['view-clients', 'manage-clients', 'realm-admin'],
  },
  { what: 'read keys', call: async () => ['GET', '/keys'], roles: ['view-realm', 'manage-realm', 'realm-admin'] },
  {
    what: 'list realm roles',
    call: async () => ['GET', '/roles'],
    roles: ['view-realm', 'manage-realm', 'realm-admin'],
  },
]

onServers('The right to', (server) => {
  const bed = useTestBed(server)

  for (const { what, call, roles, empty = [] } of rights) {
    it(`${what} is given by ${roles.join(', ')} and no other role`, async () => {
      const [method, path, body] = await call(bed())
      for (const role of adminRoles) {
        const answer = await bed().admin(method, path, { as: role, ...(body === undefined ? {} : { body }) })
        if (roles.includes(role)) expect(answer.status, role).to.be.within(200, 204)
        else if (empty.includes(role)) expect(answer.json, role).to.deep.equal([])
        else expect([answer.status, answer.json], role).to.deep.equal([403, forbidden])
      }
    })
  }

  for (const authorization of [undefined, 'Bearer abc', 'Basic YTpi']) {
    it(`do anything is not given by ${authorization ?? 'no header at all'}`, async () => {
      const url = `${server().url}/admin/realms/${bed().realm}/users`
      const answer = await readAnswer(
        await fetch(url, { headers: authorization === undefined ? {} : { authorization } }),
      )

      expect(answer.status).to.equal(401)
      expect(answer.json).to.deep.equal({ error: 'HTTP 401 Unauthorized' })
    })
  }

  it('do anything is not given by the token of a person without roles', async () => {
    const { tokens } = await bed().tokensFor('ben')
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const answer = await bed().admin('GET', '/users', { as: 'view-users', headers })

    expect(answer.status).to.equal(403)
  })

  it('look into a realm ends at that realm', async () => {
    const headers = {
      authorization: `Bearer ${(await bed().post('token', { grant_type: 'client_credentials' }, 'svc-realm-admin:svc-secret')).json.access_token}`,
    }
    const answer = await readAnswer(await fetch(`${server().url}/admin/realms/master/users`, { headers }))

    expect(answer.status).to.equal(403)
  })
})
