import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

onServers('Changing people', (server) => {
  const bed = useTestBed(server, { passwordPolicy: 'length(6) and notUsername(undefined)' })
  const as = 'manage-users'
  const create = (body: unknown) => bed().admin('POST', '/users', { as, body })
  const read = async (name: string) => (await bed().admin('GET', `/users/${await bed().userId(name)}`, { as })).json

  it('makes somebody who can sign in, with the roles and groups of everybody', async () => {
    const credentials = [{ type: 'password', value: 'zoe-is-here', temporary: false }]
    const answer = await create({
      username: 'Zoe',
      enabled: true,
      email: 'zoe@example.com',
      firstName: 'Zoe',
      lastName: 'Z',
      credentials,
      groups: ['/team'],
      realmRoles: ['admin'],
    })
    const id = answer.location?.pathname.split('/').at(-1) ?? ''
    const groups = (await bed().admin('GET', `/users/${id}/groups`, { as })).json
    const roles = (await bed().admin('GET', `/users/${id}/role-mappings/realm`, { as })).json

    expect(answer.status).to.equal(201)
    expect((await bed().signIn('zoe', { password: 'zoe-is-here' })).answer.status).to.equal(302)
    expect(groups.map((group: { path: string }) => group.path)).to.deep.equal(['/team'])
    expect(roles.map((role: { name: string }) => role.name)).to.deep.equal([`default-roles-${bed().realm}`])
  })

  const refusals = [
    {
      when: 'the name is taken',
      body: { username: 'ada' },
      status: 409,
      says: { errorMessage: 'User exists with same username' },
    },
    {
      when: 'the address is taken',
      body: { username: 'someone', email: 'ADA@example.com' },
      status: 409,
      says: { errorMessage: 'User exists with same email' },
    },
    { when: 'there is no name', body: {}, status: 400, says: { errorMessage: 'User name is missing' } },
    {
      when: 'the address is none',
      body: { username: 'someone', email: 'bad' },
      status: 400,
      says: { field: 'email', errorMessage: 'error-invalid-email', params: ['email', 'bad'] },
    },
    {
      when: 'the name has a blank',
      body: { username: 'some one' },
      status: 400,
      says: { field: 'username', errorMessage: 'error-username-invalid-character', params: ['username'] },
    },
    {
      when: 'two members are wrong',
      body: { username: 'y', email: 'bad' },
      status: 400,
      says: {
        errors: [
          { field: 'username', errorMessage: 'error-invalid-length', params: ['username', 3, 255] },
          { field: 'email', errorMessage: 'error-invalid-email', params: ['email', 'bad'] },
        ],
      },
    },
    {
      when: 'the password is too short',
      body: { username: 'someone', credentials: [{ type: 'password', value: 'abc' }] },
      status: 400,
      says: { error: 'invalidPasswordMinLengthMessage', error_description: 'Invalid password: minimum length 6.' },
    },
  ]
  for (const { when, body, status, says } of refusals) {
    it(`refuses somebody with ${status} when ${when}`, async () => {
      const answer = await create(body)

      expect(answer.status).to.equal(status)
      expect(answer.json).to.deep.equal(says)
      expect((await bed().admin('GET', '/users?username=someone', { as })).json).to.deep.equal([])
    })
  }

  it('refuses a member it does not know, and JSON that is none', async () => {
    const unknown = await create({ username: 'someone', nope: 1 })
    const broken = await create('{"username":')

    expect(unknown.status).to.equal(400)
    expect(unknown.json.error).to.match(
      /^Invalid json representation for UserRepresentation\. Unrecognized field "nope"/,
    )
    expect(broken.status).to.equal(400)
    expect(broken.json.error).to.equal('invalid_request')
  })

  it('keeps what a change leaves out, and removes what it empties', async () => {
    const id = await bed().userId('ben')
    const put = (body: object) => bed().admin('PUT', `/users/${id}`, { as, body })
    await put({ firstName: 'Benjamin' })
    const kept = await read('ben')
    await put({ lastName: '' })
    const removed = await read('ben')

    expect(kept).to.include({ firstName: 'Benjamin', lastName: 'Test', email: 'ben@example.com', enabled: true })
    expect(removed).not.to.have.property('lastName')
  })

  it('removes name and address when attributes come alone', async () => {
    await bed().admin('PUT', `/users/${await bed().userId('cyd')}`, { as, body: { attributes: { tenant: ['a'] } } })
    const person = await read('cyd')

    expect(person).not.to.have.any.keys('email', 'firstName', 'lastName')
    expect(person, 'attributes outside the user profile are dropped').not.to.have.property('attributes')
  })

  const unwelcome = [
    {
      when: 'the name would change',
      body: { username: 'other' },
      status: 400,
      says: { field: 'username', errorMessage: 'error-user-attribute-read-only', params: ['username'] },
    },
    {
      when: 'the address is taken',
      body: { email: 'ada@example.com' },
      status: 409,
      says: { errorMessage: 'User exists with same email' },
    },
  ]
  for (const { when, body, status, says } of unwelcome) {
    it(`refuses a change with ${status} when ${when}`, async () => {
      const answer = await bed().admin('PUT', `/users/${await bed().userId('dan')}`, { as, body })

      expect([answer.status, answer.json]).to.deep.equal([status, says])
    })
  }

  it('sets a password that the policy accepts', async () => {
    const id = await bed().userId('dan')
    const set = (value: string) =>
      bed().admin('PUT', `/users/${id}/reset-password`, { as, body: { type: 'password', value, temporary: false } })

    expect((await set('abc')).json.error).to.equal('invalidPasswordMinLengthMessage')
    expect((await set('')).json).to.deep.equal({ error: 'Empty password not allowed' })
    expect((await set('dan-has-another')).status).to.equal(204)
    expect((await bed().signIn('dan')).answer.status).to.equal(200)
    expect((await bed().signIn('dan', { password: 'dan-has-another' })).answer.status).to.equal(302)
  })

  it('puts somebody into a group and takes them out again', async () => {
    const id = await bed().userId('eve')
    const [team] = (await bed().admin('GET', '/groups', { as })).json
    const count = async () => (await bed().admin('GET', `/users/${id}/groups/count`, { as })).json
    await bed().admin('PUT', `/users/${id}/groups/${team.id}`, { as })
    const inside = await count()
    await bed().admin('DELETE', `/users/${id}/groups/${team.id}`, { as })

    expect([inside, await count()]).to.deep.equal([{ count: 1 }, { count: 0 }])
  })

  it('deletes somebody, once', async () => {
    const id = await bed().userId('eve')
    const first = await bed().admin('DELETE', `/users/${id}`, { as })
    const second = await bed().admin('DELETE', `/users/${id}`, { as })

    expect([first.status, second.status]).to.deep.equal([204, 404])
  })

  it('never assigns realm-admin for somebody who may only manage people', async () => {
    const [management] = (await bed().admin('GET', '/clients?clientId=realm-management')).json
    const roles = (await bed().admin('GET', `/clients/${management.id}/roles`)).json
    const top = roles.filter((role: { name: string }) => role.name === 'realm-admin')
    const path = `/users/${await bed().userId('ada')}/role-mappings/clients/${management.id}`

    expect(top).to.have.lengthOf(1)
    expect((await bed().admin('POST', path, { as, body: top })).status).to.equal(403)
  })
})
