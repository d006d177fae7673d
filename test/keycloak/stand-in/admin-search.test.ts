import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

type Named = { username: string }

const names = (people: Named[]) => people.map((person) => person.username)

onServers('Looking for people', (server) => {
  const bed = useTestBed(server)
  const find = async (query: string) => (await bed().admin('GET', `/users${query}`, { as: 'view-users' })).json

  const searches = [
    { query: '', finds: ['ada', 'ben', 'cyd', 'dan', 'eve'] },
    { query: '?search=ad', finds: ['ada'] },
    { query: '?search=test', finds: ['ada', 'ben', 'cyd', 'dan', 'eve'] },
    { query: '?search=*da', finds: ['ada', 'dan'] },
    { query: '?search="ada"', finds: ['ada'] },
    { query: '?search="ad"', finds: [] },
    { query: '?search=ada@example', finds: ['ada'] },
    { query: '?username=da', finds: ['ada', 'dan'] },
    { query: '?username=ada&exact=true', finds: ['ada'] },
    { query: '?username=ad&exact=true', finds: [] },
    { query: '?email=ADA@example.com&exact=true', finds: ['ada'] },
    { query: '?lastName=test&first=1&max=2', finds: ['ben', 'cyd'] },
    { query: '?max=2', finds: ['ada', 'ben'] },
    { query: '?max=0', finds: [] },
    { query: '?first=4&max=-1', finds: ['eve'] },
    { query: '?enabled=false', finds: [] },
    { query: '?q=tenant:a', finds: [] },
    { query: '?search=nobody', finds: [] },
  ]
  for (const { query, finds } of searches) {
    it(`finds ${finds.length} with "${query}"`, async () => {
      const people = await find(query)

      expect(names(people).filter((name) => !name.startsWith('service-account'))).to.deep.equal(finds)
    })
  }

  it('shows accounts of clients only to those who search by name', async () => {
    expect(names(await find('')).join()).not.to.include('service-account')
    expect(names(await find('?username=service-account-orders'))).to.deep.equal(['service-account-orders'])
  })

  it('lists a person with these members, fewer when brief', async () => {
    const [full] = await find('?username=ada&exact=true')
    const [brief] = await find('?username=ada&exact=true&briefRepresentation=true')
    const always = [
      'id',
      'username',
      'firstName',
      'lastName',
      'email',
      'emailVerified',
      'enabled',
      'createdTimestamp',
      'access',
    ]

    expect(brief).to.have.all.keys(...always)
    expect(full).to.have.all.keys(...always, 'totp', 'disableableCredentialTypes', 'requiredActions', 'notBefore')
    expect(full).to.include({
      username: 'ada',
      email: 'ada@example.com',
      emailVerified: true,
      enabled: true,
      totp: false,
    })
  })

  it('counts', async () => {
    expect((await bed().admin('GET', '/users/count', { as: 'view-users' })).json).to.equal(5)
    expect((await bed().admin('GET', '/users/count?search=ada', { as: 'view-users' })).json).to.equal(1)
  })

  it('shows one person, and what the caller may do to them', async () => {
    const id = await bed().userId('ada')
    const look = async (as?: string) =>
      (await bed().admin('GET', `/users/${id}`, as === undefined ? {} : { as })).json.access

    expect(await look('view-users')).to.deep.equal({
      manageGroupMembership: false,
      resetPassword: false,
      view: true,
      mapRoles: false,
      impersonate: false,
      manage: false,
    })
    expect(Object.values(await look())).to.deep.equal([true, true, true, true, true, true])
  })

  const missing = [
    { path: '/users/nobody', error: 'User not found' },
    { path: '/users/nobody/groups', error: 'User not found' },
    { path: '/users?max=abc', error: 'HTTP 404 Not Found' },
  ]
  for (const { path, error } of missing) {
    it(`answers 404 at ${path}`, async () => {
      const answer = await bed().admin('GET', path, { as: 'view-users' })

      expect(answer.status).to.equal(404)
      expect(answer.json).to.deep.equal({ error })
    })
  }

  it('lists the groups and the sessions of a person', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const id = await bed().userId('ada')
    const groups = (await bed().admin('GET', `/users/${id}/groups`, { as: 'view-users' })).json
    const sessions = (await bed().admin('GET', `/users/${id}/sessions`, { as: 'view-users' })).json

    expect(groups).to.have.lengthOf(1)
    expect(groups[0]).to.include({ name: 'red', path: '/team/red' })
    expect(groups[0]).to.have.all.keys('id', 'name', 'path', 'parentId', 'subGroups')
    expect(sessions[0]).to.include({ id: tokens.session_state, username: 'ada', userId: id, rememberMe: false })
    expect(Object.values(sessions[0].clients)).to.deep.equal(['gw'])
  })
})
