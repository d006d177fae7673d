import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

const settings = { eventsEnabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: true }

onServers('Events by filters', (server) => {
  const bed = useTestBed(server, settings)
  const statusOf = async (path: string) => (await bed().admin('GET', path)).status
  const count = async (path: string) => (await bed().admin('GET', path)).json.length

  it('tell of sign-ins, right and wrong, and of whoever is not known', async () => {
    await bed().tokensFor('ada')
    await bed().signIn('ada', { password: 'not-it' })
    await bed().signIn('nobody-here', { password: 'not-it' })
    const { json: rows } = await bed().admin('GET', '/events?type=LOGIN&type=LOGIN_ERROR&direction=asc')
    const id = await bed().userId('ada')
    const told = rows.map((row: Record<string, unknown>) => [row.type, row.userId, row.error, row.clientId])
    expect(told).to.deep.equal([
      ['LOGIN', id, undefined, 'gw'],
      ['LOGIN_ERROR', id, 'invalid_user_credentials', 'gw'],
      ['LOGIN_ERROR', undefined, 'user_not_found', 'gw'],
    ])
    expect(rows[0].details).to.include({ username: 'ada', auth_method: 'openid-connect', code_id: rows[0].sessionId })
    expect(rows[0].ipAddress).to.match(/127\.0\.0\.1$/)
  })

  it('are found letter by letter', async () => {
    const all = await count('/events')
    expect(all).to.be.greaterThan(0)
    for (const query of ['type=', 'client=', 'user=', 'dateFrom=', 'nonsense=1', 'max=-1', 'first=-1', 'dateFrom=0'])
      expect(await count(`/events?${query}`), query).to.equal(all)
    for (const query of [
      'client=GW',
      'client=g',
      'user=ada',
      'ipAddress=127.*',
      'dateTo=0',
      'dateFrom=9223372036854775807',
      'max=0',
    ])
      expect(await count(`/events?${query}`), query).to.equal(0)
    const day = new Date().toLocaleDateString('sv')
    expect(await count(`/events?dateFrom=${day}&dateTo=${day}`)).to.equal(all)
  })

  it('are an error of the server for a word it does not know, and of the caller for a time', async () => {
    for (const query of ['type=login', 'type=NONSENSE', 'type=LOGIN,LOGOUT'])
      expect(await statusOf(`/events?${query}`)).to.equal(500)
    for (const query of ['operationTypes=update', 'resourceTypes=NONSENSE'])
      expect(await statusOf(`/admin-events?${query}`)).to.equal(500)
    for (const time of [
      'yesterday',
      '2026-13-45',
      '-1',
      '2026-1-1',
      '2026-11-22T06:37:12.865Z',
      '99999999999999999999',
    ])
      for (const path of ['/events?dateFrom', '/admin-events?dateTo'])
        expect(await statusOf(`${path}=${time}`), time).to.equal(400)
    for (const query of ['max=abc', 'max=99999999999', 'first=abc'])
      expect(await statusOf(`/events?${query}`)).to.equal(404)
  })

  it('of administrators are found by what, where and who', async () => {
    const id = await bed().userId('ben')
    await bed().admin('PUT', `/users/${id}`, { body: { lastName: 'Changed' } })
    const { json: rows } = await bed().admin('GET', `/admin-events?operationTypes=UPDATE&resourcePath=users/${id}`)
    expect(rows).to.have.length(1)
    const [{ authDetails, realmId, representation }] = rows
    expect(JSON.parse(representation)).to.deep.equal({ lastName: 'Changed' })
    expect(authDetails.realmId).not.to.equal(realmId)
    const found = (query: string) => count(`/admin-events?resourceTypes=USER&operationTypes=UPDATE&${query}`)
    for (const query of [
      `authUser=${authDetails.userId}`,
      `authClient=${authDetails.clientId}`,
      'resourcePath=users/*',
      'resourcePath=users%25',
      'resourcePath=u_ers/*',
    ])
      expect(await found(query), query).to.equal(1)
    for (const query of [
      'authUser=nobody',
      'authClient=gw',
      'resourcePath=users/',
      'resourcePath=USERS/*',
      'authIpAddress=127.*',
    ])
      expect(await found(query), query).to.equal(0)
  })
})
