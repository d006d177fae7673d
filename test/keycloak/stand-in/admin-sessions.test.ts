import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'

const OFFLINE = { changes: { scope: 'openid offline_access' } }
type Row = { id: string; ipAddress: string; start: number; lastAccess: number; clients: Record<string, string> }

onServers("A person's sessions in the admin API", (server) => {
  const bed = useTestBed(server)
  const gw = async (of: TestBed): Promise<string> => (await of.admin('GET', '/clients?clientId=gw')).json[0].id
  const listed = async (path: string): Promise<Row[]> => (await bed().admin('GET', path)).json
  const online = async (name: string) => listed(`/users/${await bed().userId(name)}/sessions`)
  const offline = async (name: string) =>
    listed(`/users/${await bed().userId(name)}/offline-sessions/${await gw(bed())}`)
  const consents = async (name: string) =>
    (await bed().admin('GET', `/users/${await bed().userId(name)}/consents`)).json

  it('are listed with the client, the address and times in milliseconds', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const [session] = (await online('ada')).filter(({ id }) => id === tokens.session_state)

    expect(session?.ipAddress).to.equal('127.0.0.1')
    expect(session?.clients).to.deep.equal({ [await gw(bed())]: 'gw' })
    expect(session?.start).to.be.within(Date.now() - 60_000, Date.now() + 60_000)
    expect(session?.lastAccess).to.be.at.least(session?.start ?? Number.NaN)
    expect(await consents('ada')).to.deep.equal([])
    expect(await offline('ada')).to.deep.equal([])
  })

  it('are offline alone when they began with offline access, and are ended as such', async () => {
    const { tokens } = await bed().tokensFor('ben', OFFLINE)
    expect(await online('ben')).to.deep.equal([])
    expect((await offline('ben')).map(({ id }) => id)).to.deep.equal([tokens.session_state])
    expect(await consents('ben')).to.deep.equal([
      {
        clientId: 'gw',
        grantedClientScopes: [],
        additionalGrants: [{ client: await gw(bed()), key: 'Offline Token' }],
      },
    ])
    const end = (query: string) => bed().admin('DELETE', `/sessions/${tokens.session_state}${query}`)
    expect((await end('')).status).to.equal(404)
    expect((await end('?isOffline=true')).status).to.equal(204)
    expect((await end('?isOffline=true')).json).to.deep.equal({ error: 'Sesssion not found' })
    expect(await offline('ben')).to.deep.equal([])
    expect(await consents('ben')).to.deep.equal([])
  })

  it('are of both kinds under one id when offline access came later', async () => {
    const first = await bed().tokensFor('cyd')
    const second = await bed().tokensFor('cyd', { visitor: first.visitor, ...OFFLINE })
    expect(second.tokens.session_state).to.equal(first.tokens.session_state)
    for (const list of [await online('cyd'), await offline('cyd')])
      expect(list.map(({ id }) => id)).to.deep.equal([first.tokens.session_state])

    expect((await bed().admin('DELETE', `/sessions/${first.tokens.session_state}`)).status).to.equal(204)
    expect(await online('cyd')).to.deep.equal([])
    expect(await offline('cyd')).to.have.length(1)
  })

  const UNKNOWN: [path: (client: string) => string, error: string][] = [
    [() => '/users/nobody/sessions', 'User not found'],
    [() => '/users/nobody/consents', 'User not found'],
    [(client) => `/users/nobody/offline-sessions/${client}`, 'User not found'],
  ]
  for (const [path, error] of UNKNOWN) {
    it(`are not to be had at ${path('{client}')}`, async () => {
      const answer = await bed().admin('GET', path(await gw(bed())))
      expect([answer.status, answer.json]).to.deep.equal([404, { error }])
    })
  }

  it('are not to be had of a client that is none', async () => {
    const path = `/users/${await bed().userId('ada')}/offline-sessions/00000000-0000-4000-8000-000000000000`
    const answer = await bed().admin('GET', path)
    expect([answer.status, answer.json]).to.deep.equal([404, { error: 'Client not found' }])
  })

  it('are shown to those who may see people, and to nobody else', async () => {
    const id = await bed().userId('ada')
    const paths = [`/users/${id}/sessions`, `/users/${id}/consents`, `/users/${id}/offline-sessions/${await gw(bed())}`]
    for (const path of paths) {
      for (const as of ['view-users', 'manage-users'])
        expect((await bed().admin('GET', path, { as })).status).to.equal(200)
      for (const as of ['query-users', 'view-clients'])
        expect((await bed().admin('GET', path, { as })).status).to.equal(403)
    }
    for (const [as, status] of [
      ['view-users', 403],
      ['manage-users', 404],
    ] as const)
      expect((await bed().admin('DELETE', '/sessions/none', { as })).status, as).to.equal(status)
  })
})
