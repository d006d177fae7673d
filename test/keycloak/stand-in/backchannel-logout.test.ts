import { expect } from 'chai'
import type { Answer } from './support/answer.ts'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'
import { callback } from './support/test-realm.ts'
import { createVisitor } from './support/visitor.ts'

const home = 'http://localhost:3999/'

async function isAlive(bed: TestBed, refreshToken: string): Promise<boolean> {
  return (await bed.refresh(refreshToken)).status === 200
}

const leave = (bed: TestBed, idToken: string) =>
  createVisitor().go(
    `${bed.oidc('logout')}?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: home })}`,
  )

onServers('Back-channel logout', (server) => {
  const bed = useTestBed(server)
  const sessionOfTwo = async () => {
    const gw = await bed().tokensFor('ada')
    const changes = { client_id: 'other', redirect_uri: callback.other, prompt: 'none' }
    const other = await bed().tokensFor('ada', { visitor: gw.visitor, changes })
    bed().receiver.calls.splice(0)
    return { ...gw, other: other.tokens, sid: gw.tokens.session_state }
  }

  it('tells every client of the session, before the logout is answered', async () => {
    const { tokens, sid } = await sessionOfTwo()
    await leave(bed(), tokens.id_token)

    expect(bed().receiver.calls.map((call) => call.path)).to.have.members(['/gw', '/other'])
    for (const { header, claims, headers, fields, path } of bed().receiver.calls) {
      expect(fields).to.deep.equal(['logout_token'])
      expect(headers['content-type']).to.match(/^application\/x-www-form-urlencoded/)
      expect(headers).not.to.have.any.keys('origin', 'sec-fetch-site', 'sec-fetch-mode', 'cookie')
      expect(header).to.include({ alg: 'RS256', typ: 'logout+jwt' })
      expect(claims).to.have.all.keys('exp', 'iat', 'jti', 'iss', 'aud', 'sub', 'typ', 'sid', 'events')
      expect(claims).to.deep.include({ iss: bed().issuer, aud: path.slice(1), sid, typ: 'Logout' })
      expect(claims.exp).to.equal(Number(claims.iat) + 120)
      expect(claims.events).to.deep.equal({ 'http://schemas.openid.net/event/backchannel-logout': {} })
    }
  })

  type Way = { way: string; end: (sid: string, refresh: string) => Promise<unknown>; told: string[] }
  const ways: Way[] = [
    {
      way: 'a client brings its refresh token',
      end: (_sid, refresh_token) => bed().post('logout', { refresh_token }),
      told: ['/gw', '/other'],
    },
    {
      way: 'an administrator ends the session',
      end: (sid) => bed().admin('DELETE', `/sessions/${sid}`),
      told: ['/gw', '/other'],
    },
    {
      way: 'an administrator signs the person out',
      end: async () => bed().admin('POST', `/users/${await bed().userId('ada')}/logout`),
      told: ['/gw', '/other'],
    },
    { way: 'everybody is signed out', end: () => bed().admin('POST', '/logout-all'), told: [] },
  ]
  for (const { way, end, told } of ways) {
    it(`reaches ${told.length} clients when ${way}`, async () => {
      const { sid, tokens } = await sessionOfTwo()
      const answer = (await end(sid, tokens.refresh_token)) as Answer

      expect(answer.status).to.be.within(200, 204)
      expect(bed().receiver.calls.map((call) => call.path)).to.have.members(told)
      expect(await isAlive(bed(), tokens.refresh_token)).to.equal(false)
    })
  }

  for (const status of [500, 400, 302, 0]) {
    it(`ends the session all the same when a client answers ${status === 0 ? 'nothing' : status}, and does not ask again`, async () => {
      const { tokens } = await sessionOfTwo()
      bed().receiver.answerWith(status)
      const answer = await leave(bed(), tokens.id_token)
      bed().receiver.answerWith(200)

      expect(answer.location?.href).to.equal(home)
      expect(new Set(bed().receiver.calls.map((call) => call.path))).to.have.lengthOf(2)
      expect(await isAlive(bed(), tokens.refresh_token)).to.equal(false)
    })
  }

  it('answers a logout by refresh token with 204, again and again', async () => {
    const { tokens } = await bed().tokensFor('ben')
    const statuses = [
      await bed().post('logout', { refresh_token: tokens.refresh_token }),
      await bed().post('logout', { refresh_token: tokens.refresh_token }),
    ]

    expect(statuses.map((answer) => answer.status)).to.deep.equal([204, 204])
  })

  it('refuses a logout with a token that is none, or of another client', async () => {
    const { tokens } = await bed().tokensFor('ben')
    const garbage = await bed().post('logout', { refresh_token: 'abc' })
    const foreign = await bed().post('logout', { refresh_token: tokens.refresh_token }, 'other:other-secret')

    expect(garbage.json).to.deep.equal({ error: 'invalid_grant', error_description: 'Invalid refresh token' })
    expect(foreign.json.error_description).to.equal(
      "Invalid refresh token. Token client and authorized client don't match",
    )
    expect(await isAlive(bed(), tokens.refresh_token)).to.equal(true)
  })
})
