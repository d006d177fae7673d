import { expect } from 'chai'
import type { Answer } from './support/answer.ts'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'
import { createVisitor, formAction, type Visitor } from './support/visitor.ts'

const home = 'http://localhost:3999/'
const question = 'Do you want to log out?'

const leave = (bed: TestBed, visitor: Visitor, query: Record<string, string>) =>
  visitor.go(`${bed.oidc('logout')}?${new URLSearchParams(query)}`)

async function isAlive(bed: TestBed, refreshToken: string): Promise<boolean> {
  return (await bed.refresh(refreshToken)).status === 200
}

onServers('Signing out at the provider', (server) => {
  const bed = useTestBed(server)

  for (const cookies of ['with', 'without']) {
    it(`ends the session and leads back, ${cookies} cookies`, async () => {
      const { tokens, visitor } = await bed().tokensFor('ada')
      const query = { id_token_hint: tokens.id_token, post_logout_redirect_uri: home, state: 'the-state' }
      const answer = await leave(bed(), cookies === 'with' ? visitor : createVisitor(), query)

      expect(answer.status).to.equal(302)
      expect(answer.location?.href).to.equal(`${home}?state=the-state`)
      expect(await isAlive(bed(), tokens.refresh_token)).to.equal(false)
      expect((await visitor.go(bed().request({ prompt: 'none' }).url)).location?.searchParams.get('error')).to.equal(
        'login_required',
      )
    })
  }

  it('takes the request as a form, too', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const answer = await bed().post(
      'logout',
      { id_token_hint: tokens.id_token, post_logout_redirect_uri: home },
      'nobody',
    )

    expect(answer.location?.href).to.equal(home)
    expect(await isAlive(bed(), tokens.refresh_token)).to.equal(false)
  })

  it('shows a page when there is nowhere to go', async () => {
    const { tokens, visitor } = await bed().tokensFor('ada')
    const answer = await leave(bed(), visitor, { id_token_hint: tokens.id_token })

    expect(answer.status).to.equal(200)
    expect(answer.words).to.include('You are logged out')
    expect(await isAlive(bed(), tokens.refresh_token)).to.equal(false)
  })

  it('leads back just so when the session is gone already', async () => {
    const { tokens, visitor } = await bed().tokensFor('ada')
    const query = { id_token_hint: tokens.id_token, post_logout_redirect_uri: home }
    await leave(bed(), visitor, query)

    expect((await leave(bed(), visitor, query)).location?.href).to.equal(home)
  })

  const asked: { when: string; query: Record<string, string> }[] = [
    { when: 'nothing vouches for the request', query: {} },
    { when: 'only a client and a way back are named', query: { client_id: 'gw', post_logout_redirect_uri: home } },
    { when: 'only an unknown client is named', query: { client_id: 'nope' } },
  ]
  for (const { when, query } of asked) {
    it(`asks first when ${when}`, async () => {
      const { tokens, visitor } = await bed().tokensFor('ben')
      const answer = await leave(bed(), visitor, query)

      expect(answer.status).to.equal(200)
      expect(answer.words).to.include(question)
      expect(await isAlive(bed(), tokens.refresh_token)).to.equal(true)
    })
  }

  it('signs out when the person says yes, and leads back', async () => {
    const { tokens, visitor } = await bed().tokensFor('ben')
    const page = await leave(bed(), visitor, { client_id: 'gw', post_logout_redirect_uri: home, state: 'the-state' })
    const answer = await confirm(bed(), page, visitor)

    expect(answer.location?.href).to.equal(`${home}?state=the-state`)
    expect(await isAlive(bed(), tokens.refresh_token)).to.equal(false)
  })

  it("asks first when the token is of another session than the browser's", async () => {
    const mine = await bed().tokensFor('ben')
    const old = await bed().tokensFor('ben')
    const answer = await leave(bed(), mine.visitor, {
      id_token_hint: old.tokens.id_token,
      post_logout_redirect_uri: home,
    })

    expect(answer.words).to.include(question)
    expect(await isAlive(bed(), mine.tokens.refresh_token)).to.equal(true)
    expect(await isAlive(bed(), old.tokens.refresh_token)).to.equal(true)
  })

  const refused = [
    {
      what: 'a way back without a client',
      query: { post_logout_redirect_uri: home },
      says: 'Missing parameters: id_token_hint',
    },
    {
      what: 'a way back to elsewhere',
      query: { id_token_hint: '<id>', post_logout_redirect_uri: 'http://evil.example/' },
      says: 'Invalid redirect uri',
    },
    {
      what: 'a way back with more in it',
      query: { id_token_hint: '<id>', post_logout_redirect_uri: `${home}?a=b` },
      says: 'Invalid redirect uri',
    },
    {
      what: 'a garbage token',
      query: { id_token_hint: 'abc', post_logout_redirect_uri: home },
      says: 'Invalid parameter: id_token_hint',
    },
    { what: 'an access token', query: { id_token_hint: '<access>' }, says: 'Invalid parameter: id_token_hint' },
    {
      what: "another client's token",
      query: { id_token_hint: '<id>', client_id: 'other' },
      says: 'Invalid parameter: id_token_hint',
    },
  ]
  for (const { what, query, says } of refused) {
    it(`refuses ${what}, and the session stays`, async () => {
      const { tokens, visitor } = await bed().tokensFor('ben')
      const filled = Object.entries(query).map(([name, value]) => [
        name,
        value.replace('<id>', tokens.id_token).replace('<access>', tokens.access_token),
      ])
      const answer = await leave(bed(), visitor, Object.fromEntries(filled))

      expect(answer.status).to.equal(400)
      expect(answer.words).to.include(says)
      expect(await isAlive(bed(), tokens.refresh_token)).to.equal(true)
    })
  }
})

function confirm(bed: TestBed, page: Answer, visitor: Visitor): Promise<Answer> {
  const [, code = ''] = /name="session_code" value="([^"]+)"/.exec(page.text) ?? []
  return visitor.submit(new URL(formAction(page), bed.issuer), { session_code: code, confirmLogout: 'Logout' })
}
