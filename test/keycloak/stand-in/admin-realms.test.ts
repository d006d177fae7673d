import { expect } from 'chai'
import { createAdminClient } from './support/admin-client.ts'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'
import { testRealm } from './support/test-realm.ts'

onServers('Groups', (server) => {
  const bed = useTestBed(server)
  const get = async (path: string) => (await bed().admin('GET', path, { as: 'view-users' })).json

  it('are listed by level', async () => {
    const [team, ...others] = await get('/groups')
    const [red] = await get(`/groups/${team.id}/children`)

    expect(others).to.deep.equal([])
    expect(team).to.have.all.keys('id', 'name', 'path', 'subGroupCount', 'subGroups', 'access')
    expect(team).to.deep.include({ name: 'team', path: '/team', subGroupCount: 1, subGroups: [] })
    expect(red).to.deep.include({ name: 'red', path: '/team/red', parentId: team.id, subGroupCount: 0 })
  })

  it('are found with those above them', async () => {
    const [team] = await get('/groups?search=red')

    expect(team.name).to.equal('team')
    expect(team.subGroups.map((group: { path: string }) => group.path)).to.deep.equal(['/team/red'])
    expect(await get('/groups?search=blue')).to.deep.equal([])
  })

  it('show their roles when more than a brief look is asked for', async () => {
    const [team] = await get('/groups?briefRepresentation=false')

    expect(team.clientRoles).to.deep.equal({ orders: ['read'] })
    expect(team.attributes).to.deep.equal({})
  })

  it('are counted, and so are their members', async () => {
    const [team] = await get('/groups')
    const [red] = await get(`/groups/${team.id}/children`)
    const members = await get(`/groups/${red.id}/members`)

    expect(await get('/groups/count')).to.deep.equal({ count: 2 })
    expect(members.map((person: { username: string }) => person.username)).to.deep.equal(['ada'])
    expect(await get(`/groups/${team.id}/members`)).to.deep.equal([])
  })

  for (const path of ['/groups/nope', '/groups/nope/children']) {
    it(`answer 404 at ${path}`, async () => {
      const answer = await bed().admin('GET', path, { as: 'view-users' })

      expect([answer.status, answer.json]).to.deep.equal([404, { error: 'Could not find group by id' }])
    })
  }
})

onServers('Sessions', (server) => {
  const bed = useTestBed(server)

  it('are ended one by one, once, and only by those who manage people', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const end = (as: string) => bed().admin('DELETE', `/sessions/${tokens.session_state}`, { as })

    expect((await end('view-users')).status).to.equal(403)
    expect((await end('manage-users')).status).to.equal(204)
    expect((await end('manage-users')).status).to.equal(404)
  })

  it('are ended all at once by those who manage people, not by those who manage the realm', async () => {
    const refused = await bed().admin('POST', '/logout-all', { as: 'manage-realm' })
    const { status, json } = await bed().admin('POST', '/logout-all', { as: 'manage-users' })

    expect(refused.status).to.equal(403)
    expect([status, json]).to.deep.equal([200, {}])
  })
})

onServers('Realms', (server) => {
  const admin = () => createAdminClient(server())

  it('are made, read, changed and removed', async () => {
    const source = testRealm({ accessTokenLifespan: 120 })
    const path = `/${source.realm}`
    const made = await admin()('POST', '', { body: source })
    const read = await admin()('GET', path)
    const changed = await admin()('PUT', path, { body: { accessTokenLifespan: 60 } })
    const after = await admin()('GET', path)
    const removed = await admin()('DELETE', path)

    expect(made.status).to.equal(201)
    expect(made.location?.href).to.equal(`${server().url}/admin/realms${path}`)
    expect(read.json).to.include({
      realm: source.realm,
      accessTokenLifespan: 120,
      refreshTokenMaxReuse: 1,
      enabled: true,
    })
    expect(changed.status).to.equal(204)
    expect(after.json).to.include({ accessTokenLifespan: 60, refreshTokenMaxReuse: 1 })
    expect(removed.status).to.equal(204)
    expect((await admin()('GET', path)).json).to.deep.equal({ error: 'Realm not found.' })
  })

  it('have names of their own', async () => {
    const source = testRealm()
    await admin()('POST', '', { body: source })
    const again = await admin()('POST', '', { body: source })
    await admin()('DELETE', `/${source.realm}`)

    expect(again.status).to.equal(409)
    expect(again.json).to.deep.equal({ errorMessage: `Realm ${source.realm} already exists` })
  })

  const refused = [
    { what: 'a realm without a name', body: {}, says: 'Realm name cannot be empty' },
    { what: 'a member nobody knows', body: { realm: 'strange', nope: 1 }, says: 'unable to read contents from stream' },
  ]
  for (const { what, body, says } of refused) {
    it(`are not made of ${what}`, async () => {
      const answer = await admin()('POST', '', { body })

      expect([answer.status, answer.json]).to.deep.equal([400, { errorMessage: says }])
    })
  }

  const imported = [
    { what: 'nobody is enabled who does not say so', users: [{ username: 'sleepy' }], check: { enabled: false } },
    {
      what: 'nobody has the roles of everybody who does not list them',
      users: [{ username: 'bare', enabled: true }],
      check: { enabled: true },
    },
  ]
  for (const { what, users, check } of imported) {
    it(`are imported so that ${what}`, async () => {
      const source = testRealm({ users, clients: [], roles: {}, groups: [] })
      await admin()('POST', '', { body: source })
      const [person] = (await admin()('GET', `/${source.realm}/users`)).json
      const roles = (await admin()('GET', `/${source.realm}/users/${person.id}/role-mappings/realm`)).json
      await admin()('DELETE', `/${source.realm}`)

      expect(person).to.include(check)
      expect(roles).to.deep.equal([])
    })
  }
})
