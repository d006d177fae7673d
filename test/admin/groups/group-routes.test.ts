import { expect } from 'chai'
import { type GroupHttpWorld, PLAN, serveGroups } from './group-http-world.ts'

describe('The endpoints for groups', () => {
  let world: GroupHttpWorld
  const listed = Array.from({ length: 45 }, (_, at) => ({
    id: `g${at}`,
    name: `g${at}`,
    path: `/g${at}`,
    subGroups: [],
  }))
  beforeEach(async () => {
    world = await serveGroups(PLAN, listed)
  })
  afterEach(() => world.close())

  it('list groups by pages, twenty at a time unless it is told otherwise, and search', async () => {
    const { status, body } = await world.ask('GET', '/groups')
    expect(status).to.equal(200)
    expect(body).to.deep.include({ success: true, message: 'Groups found' })
    expect(body.metadata.correlationId).to.equal('req-9')
    expect(body.data).to.deep.equal({ groups: listed.slice(0, 20), total: 45, first: 0, max: 20 })
    expect((await world.ask('GET', '/groups?first=40&max=100')).body.data.groups).to.deep.equal(listed.slice(40))
    await world.ask('GET', `/groups?search=${encodeURIComponent("o'neil & sön%")}`)
    expect(world.people.asked.at(-1)).to.equal(`groups {"first":0,"max":20,"search":"o'neil & sön%"}`)
  })

  it('show the groups of one user, and say when there is no such user', async () => {
    expect((await world.ask('GET', '/users/id-of-ann/groups')).body.data).to.deep.equal({ groups: listed })
    const { status, body } = await world.ask('GET', '/users/nobody/groups')
    expect([status, body.error.code]).to.deep.equal([404, 'USER_NOT_FOUND'])
  })

  it('show one group with its version, how many are in it, what is below it and who is in it', async () => {
    const { headers, body } = await world.ask('GET', '/groups/support')
    expect(body.data.group).to.deep.include({
      ...{ id: 'support', name: 'support', description: null, path: '/staff/support', parentId: 'staff' },
      ...{ subGroupCount: 1, attributes: {} },
    })
    expect(body.data.members).to.deep.equal({ count: 1, more: false })
    expect(headers.get('etag')).to.equal(`"${body.data.group.version}"`)
    expect(headers.get('cache-control')).to.equal('no-store')
    const below = (await world.ask('GET', '/groups/staff/children?max=1')).body.data
    expect(below.groups.map(({ path }: { path: string }) => path)).to.deep.equal(['/staff/support'])
    expect(below).to.include({ more: false, first: 0, max: 1 })
    expect((await world.ask('GET', '/groups/staff/children?search=zz')).body.data.groups).to.deep.equal([])
    const { members, more } = (await world.ask('GET', '/groups/support/members')).body.data
    expect([members.map(({ username }: { username: string }) => username), more]).to.deep.equal([['ann'], false])
  })

  it('create, change, move and delete', async () => {
    const made = await world.ask('POST', '/groups', { name: 'Tëam ☂', attributes: { floor: ['3'] }, parentId: 'other' })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const { id, version } = made.body.data.group
    expect(made.headers.get('location')).to.equal(`/api/v1/admin/groups/${id}`)
    expect(made.body.data.group).to.deep.include({ path: '/other/Tëam ☂', attributes: { floor: ['3'] } })
    const patched = await world.ask('PATCH', `/groups/${id}`, { description: 'Night shift', version })
    expect(patched.body.data.group).to.deep.include({ description: 'Night shift', attributes: { floor: ['3'] } })
    const tag = patched.headers.get('etag') ?? ''
    const put = await world.ask(
      'PUT',
      `/groups/${id}`,
      { name: 'team', description: null, attributes: {} },
      { 'If-Match': tag },
    )
    expect(put.body.data.group).to.deep.include({
      name: 'team',
      description: null,
      attributes: {},
      path: '/other/team',
    })
    const moved = await world.ask('PUT', `/groups/${id}/parent`, { parentId: null })
    expect(moved.body.data.group).to.include({ path: '/team', parentId: null })
    expect((await world.ask('DELETE', `/groups/${id}`)).body.data).to.deep.equal({ deleted: { groups: 1 } })
    expect((await world.ask('GET', `/groups/${id}`)).body.error.code).to.equal('GROUP_NOT_FOUND')
  })

  it('give and take roles, and put people in and out by the way that users have', async () => {
    const given = await world.ask('POST', '/groups/support/roles', { roles: ['client:shop:read'] })
    expect(given.body.data.direct).to.deep.equal([{ role: 'client:shop:read', description: null }])
    expect(given.body.data.effective.map(({ role }: { role: string }) => role)).to.deep.equal([
      'client:shop:read',
      'realm:customer',
    ])
    const taken = await world.ask('DELETE', '/groups/support/roles', { roles: ['client:shop:read'] })
    expect(taken.body.data.direct).to.deep.equal([])
    expect((await world.ask('GET', '/groups/support/roles')).body.data).to.deep.equal(taken.body.data)
    const put = await world.ask('PUT', '/groups/night/members/ben')
    expect(put.body.data).to.deep.equal({ user: 'ben', group: 'night' })
    expect(world.desk.realm.groupsOf('ben')).to.deep.equal(['night'])
    await world.ask('DELETE', '/groups/night/members/ben')
    expect(world.desk.realm.groupsOf('ben')).to.deep.equal([])
    expect(world.desk.users.trail).to.include.members(['user.join-group ok', 'user.leave-group ok'])
  })

  it('do not delete what is in use unless it is said, and tell what is in it', async () => {
    const refused = await world.ask('DELETE', '/groups/staff')
    expect([refused.status, refused.body.error.code]).to.deep.equal([409, 'GROUP_NOT_EMPTY'])
    expect(refused.body.error.details).to.deep.include({
      members: { count: 0, more: false },
      subGroups: { count: 1, names: ['support'] },
    })
    expect(refused.body.error.details.mend).to.contain('withContents=true')
    expect((await world.ask('DELETE', '/groups/support?withContents=false')).status).to.equal(409)
    expect(world.desk.realm.writes).to.deep.equal([])
    const gone = await world.ask('DELETE', '/groups/staff?withContents=true')
    expect(gone.body.data).to.deep.equal({ deleted: { groups: 3 } })
    expect(world.desk.fake.ids()).to.deep.equal(['other'])
  })

  it('tell the second of two who change the same what the first one did', async () => {
    const { version } = (await world.ask('GET', '/groups/support')).body.data.group
    await world.ask('PATCH', '/groups/support', { description: 'Day shift' })
    const tries: [string, string, object?][] = [
      ['PATCH', '/groups/support', { name: 'help' }],
      ['PUT', '/groups/support', { name: 'help', description: null, attributes: {} }],
      ['PUT', '/groups/support/parent', { parentId: null }],
      ['POST', '/groups/support/roles', { roles: ['realm:customer'] }],
      ['DELETE', '/groups/support/roles', { roles: ['realm:customer'] }],
      ['DELETE', '/groups/support?withContents=true'],
    ]
    for (const [method, path, body] of tries) {
      const late = await world.ask(method, path, body, { 'If-Match': `"${version}"` })
      expect([late.status, late.body.error.code], path).to.deep.equal([409, 'VERSION_CONFLICT'])
      expect(late.body.error.details.changed).to.deep.equal([{ field: 'description', now: 'Day shift' }])
    }
    expect(world.desk.realm.writes).to.have.length(1)
  })

  it('say which methods there are, and are known letter by letter', async () => {
    for (const [path, allow] of [
      ['/groups', 'GET, HEAD, POST'],
      ['/groups/staff', 'GET, HEAD, PUT, PATCH, DELETE'],
      ['/groups/staff/parent', 'PUT'],
      ['/groups/staff/children', 'GET, HEAD'],
      ['/groups/staff/members', 'GET, HEAD'],
      ['/groups/staff/members/ann', 'PUT, DELETE'],
      ['/groups/staff/roles', 'GET, HEAD, POST, DELETE'],
      ['/users/ann/groups', 'GET, HEAD'],
    ] as const) {
      const { status, headers } = await world.ask('OPTIONS', path)
      expect([status, headers.get('allow')], path).to.deep.equal([405, allow])
    }
    for (const path of ['/Groups', '/groups/', '/groups/staff/', '/groups/staff/Roles', '/groups/staff/roles/x'])
      expect((await world.ask('GET', path)).status, path).to.equal(404)
  })
})
