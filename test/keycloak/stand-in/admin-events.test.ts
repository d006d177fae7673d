import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'

const settings = { eventsEnabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: false }
const json = { id: '', name: '' }

async function roleOf(bed: TestBed, name: string): Promise<(typeof json)[]> {
  return [(await bed.admin('GET', `/roles/${name}`)).json]
}
async function groupOf(bed: TestBed): Promise<string> {
  return (await bed.admin('GET', '/groups')).json[0].id
}

type Act = { what: string; act: (bed: TestBed, id: string) => Promise<unknown>; event: string }

/** Operation, resource type and path; the ids of the person and of whatever else are left out. */
const acts: Act[] = [
  {
    what: 'changing',
    act: (bed, id) => bed.admin('PUT', `/users/${id}`, { body: { enabled: true } }),
    event: 'UPDATE USER users/…',
  },
  {
    what: 'setting a password',
    act: (bed, id) =>
      bed.admin('PUT', `/users/${id}/reset-password`, { body: { type: 'password', value: 'next-pw-1' } }),
    event: 'ACTION USER users/…/reset-password',
  },
  {
    what: 'signing out',
    act: (bed, id) => bed.admin('POST', `/users/${id}/logout`),
    event: 'ACTION USER users/…/logout',
  },
  {
    what: 'giving a role',
    act: async (bed, id) =>
      bed.admin('POST', `/users/${id}/role-mappings/realm`, { body: await roleOf(bed, 'offline_access') }),
    event: 'CREATE REALM_ROLE_MAPPING users/…/role-mappings/realm',
  },
  {
    what: 'taking a role',
    act: async (bed, id) =>
      bed.admin('DELETE', `/users/${id}/role-mappings/realm`, { body: await roleOf(bed, 'offline_access') }),
    event: 'DELETE REALM_ROLE_MAPPING users/…/role-mappings/realm',
  },
  {
    what: 'putting into a group',
    act: async (bed, id) => bed.admin('PUT', `/users/${id}/groups/${await groupOf(bed)}`),
    event: 'CREATE GROUP_MEMBERSHIP users/…/groups/…',
  },
  {
    what: 'giving a role to a group',
    act: async (bed) =>
      bed.admin('POST', `/groups/${await groupOf(bed)}/role-mappings/realm`, {
        body: await roleOf(bed, 'offline_access'),
      }),
    event: 'CREATE REALM_ROLE_MAPPING groups/…/role-mappings/realm',
  },
  {
    what: 'putting a role into another',
    act: async (bed) =>
      bed.admin('POST', '/roles/offline_access/composites', { body: await roleOf(bed, 'uma_authorization') }),
    event: 'CREATE REALM_ROLE roles/offline_access/composites',
  },
  { what: 'a not-before', act: (bed) => bed.admin('PUT', '', { body: { notBefore: 1 } }), event: 'UPDATE REALM' },
  { what: 'pushing it', act: (bed) => bed.admin('POST', '/push-revocation'), event: 'ACTION REALM push-revocation' },
  { what: 'signing everybody out', act: (bed) => bed.admin('POST', '/logout-all'), event: 'ACTION REALM logout-all' },
  { what: 'deleting', act: (bed, id) => bed.admin('DELETE', `/users/${id}`), event: 'DELETE USER users/…' },
]

onServers('Admin events', (server) => {
  const bed = useTestBed(server, settings)

  for (const { what, act, event } of acts)
    it(`tell of ${what}: ${event}`, async () => {
      const id = await bed().userId('ben')
      const from = (await bed().admin('GET', '/admin-events?max=1')).json[0]?.time ?? 0
      const done = (await act(bed(), id)) as { status: number }
      expect(done.status).to.be.within(200, 204)
      const { json: rows } = await bed().admin('GET', `/admin-events?dateFrom=${from + 1}&direction=asc`)
      const [row] = rows
      expect(rows).to.have.length(1)
      const path = row.resourcePath?.replace(/[\da-f-]{36}/g, '…')
      expect([row.operationType, row.resourceType, path].filter(Boolean).join(' ')).to.equal(event)
      expect(row.id).to.be.a('string')
      expect(row).not.to.have.property('representation')
    })

  it('come newest first unless asked otherwise, in pages', async () => {
    const times = async (query: string): Promise<number[]> =>
      (await bed().admin('GET', `/admin-events?${query}`)).json.map(({ time }: { time: number }) => time)
    const all = await times('direction=asc')
    expect(all).to.deep.equal([...all].sort((a, b) => a - b))
    expect(await times('')).to.deep.equal([...all].reverse())
    expect(await times('direction=asc&first=1&max=2')).to.deep.equal(all.slice(1, 3))
    expect((await bed().admin('GET', '/admin-events?direction=up')).status).to.equal(400)
  })

  it('are for those who may view events', async () => {
    for (const path of ['/admin-events', '/events', '/events/config'])
      expect((await bed().admin('GET', path, { as: 'view-users' })).status, path).to.equal(403)
  })
})

onServers('The events of people', (server) => {
  const bed = useTestBed(server, settings)

  it('tell who signed out, and of which session', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const client = { client_id: 'gw', client_secret: 'gw-secret' }
    const { sid, sub } = JSON.parse(Buffer.from(tokens.access_token.split('.')[1] ?? '', 'base64url').toString())
    await bed().post('logout', { refresh_token: tokens.refresh_token, ...client })
    const { json: rows } = await bed().admin('GET', '/events?type=LOGOUT&type=DELETE_ACCOUNT&direction=asc')
    expect(rows.map((row: Record<string, unknown>) => [row.type, row.userId, row.sessionId])).to.deep.equal([
      ['LOGOUT', sub, sid],
    ])
  })

  it('are kept as the realm says', async () => {
    expect((await bed().admin('GET', '/events/config')).json).to.deep.include({
      eventsEnabled: true,
      adminEventsEnabled: true,
    })
    await bed().admin('PUT', '/events/config', { body: { adminEventsEnabled: false } })
    expect((await bed().admin('GET', '/events/config')).json.adminEventsEnabled).to.equal(false)
    expect((await bed().admin('GET', '/events/config')).json.enabledEventTypes).to.include('LOGOUT')
  })

  it('and the age of a password is told beside them', async () => {
    const id = await bed().userId('ada')
    const before = (await bed().admin('GET', `/users/${id}/credentials`, { as: 'view-users' })).json
    await bed().admin('PUT', `/users/${id}/reset-password`, { body: { type: 'password', value: 'next-pw-1' } })
    const after = (await bed().admin('GET', `/users/${id}/credentials`, { as: 'view-users' })).json
    expect([before[0].type, after[0].type]).to.deep.equal(['password', 'password'])
    expect(after[0].createdDate).to.be.greaterThan(before[0].createdDate)
  })
})
