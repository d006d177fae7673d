import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'

const outcome = (answer: { status: number; json: { error_description?: string } }) =>
  answer.status === 200 ? 'fine' : `${answer.status} ${answer.json.error_description}`

type Ending = {
  event: string
  end: (bed: TestBed, id: string, sid: string) => Promise<unknown>
  refresh: string
  userinfo: number
}

const disable = (bed: TestBed, id: string) => bed.admin('PUT', `/users/${id}`, { body: { enabled: false } })

const endings: Ending[] = [
  { event: 'the person is disabled', end: disable, refresh: '400 User disabled', userinfo: 401 },
  {
    event: 'the person is deleted',
    end: (bed, id) => bed.admin('DELETE', `/users/${id}`),
    refresh: '400 Session not active',
    userinfo: 401,
  },
  {
    event: 'an administrator signs the person out',
    end: (bed, id) => bed.admin('POST', `/users/${id}/logout`),
    refresh: '400 Session not active',
    userinfo: 401,
  },
  {
    event: 'an administrator ends the session',
    end: (bed, _id, sid) => bed.admin('DELETE', `/sessions/${sid}`),
    refresh: '400 Session not active',
    userinfo: 401,
  },
  {
    event: 'everybody is signed out',
    end: (bed) => bed.admin('POST', '/logout-all'),
    refresh: '400 Session not active',
    userinfo: 401,
  },
  {
    event: 'the password is set anew',
    end: (bed, id) =>
      bed.admin('PUT', `/users/${id}/reset-password`, {
        body: { type: 'password', value: 'another-pw', temporary: false },
      }),
    refresh: 'fine',
    userinfo: 200,
  },
  {
    event: 'the realm lets go of older tokens',
    end: (bed) => bed.admin('PUT', '', { body: { notBefore: Math.floor(Date.now() / 1000) + 5 } }),
    refresh: '400 Stale token',
    userinfo: 401,
  },
]

for (const { event, end, refresh, userinfo } of endings) {
  onServers(`When ${event}`, (server) => {
    const bed = useTestBed(server)

    it(`a refresh is ${refresh} and userinfo ${userinfo}`, async () => {
      const { tokens } = await bed().tokensFor('cyd')
      const other = await bed().tokensFor('ben')
      await end(bed(), await bed().userId('cyd'), tokens.session_state)

      expect((await bed().userinfo(tokens.access_token)).status).to.equal(userinfo)
      expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal(refresh)
      if (!/everybody|realm/.test(event))
        expect(outcome(await bed().refresh(other.tokens.refresh_token))).to.equal('fine')
    })
  })
}

onServers('A person who is disabled and enabled again', (server) => {
  const bed = useTestBed(server)

  it('goes on with the same session', async () => {
    const { tokens } = await bed().tokensFor('cyd')
    const id = await bed().userId('cyd')
    await disable(bed(), id)
    await bed().admin('PUT', `/users/${id}`, { body: { enabled: true } })

    expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal('fine')
  })
})

onServers('A client that is disabled, or whose secret changes', (server) => {
  const bed = useTestBed(server)
  const change = async (body: object) => {
    const [client] = (await bed().admin('GET', '/clients?clientId=gw')).json
    await bed().admin('PUT', `/clients/${client.id}`, { body })
  }

  const rows = [
    { what: 'disabled', body: { enabled: false }, back: { enabled: true }, error: 'invalid_client' },
    {
      what: 'given another secret',
      body: { secret: 'new-secret' },
      back: { secret: 'gw-secret' },
      error: 'unauthorized_client',
    },
  ]
  for (const { what, body, back, error } of rows) {
    it(`is refused with ${error} while ${what}, and fine afterwards`, async () => {
      const { tokens } = await bed().tokensFor('ada')
      await change(body)
      const refused = await bed().refresh(tokens.refresh_token)
      await change(back)

      expect(refused.status).to.equal(401)
      expect(refused.json.error).to.equal(error)
      expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal('fine')
    })
  }
})
