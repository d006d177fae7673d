import { expect } from 'chai'
import { readAnswer } from './support/answer.ts'
import type { Credentials } from './support/oidc-client.ts'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'
import { callback } from './support/test-realm.ts'

onServers('Userinfo', (server) => {
  const bed = useTestBed(server)

  it('tells about the person', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const { json } = await bed().userinfo(tokens.access_token)

    expect(json).to.have.all.keys(
      ...['sub', 'email_verified', 'name', 'groups', 'preferred_username', 'given_name', 'family_name', 'email'],
    )
    expect(json).to.include({ preferred_username: 'ada', email: 'ada@example.com' })
  })

  it('takes the token in a form, too', async () => {
    const { tokens } = await bed().tokensFor('ada')

    expect((await bed().post('userinfo', { access_token: tokens.access_token }, 'nobody')).status).to.equal(200)
  })

  const refused = [
    { what: 'nothing', token: async () => undefined, says: '' },
    {
      what: 'garbage',
      token: async () => 'abc',
      says: ', error="invalid_token", error_description="Token verification failed"',
    },
    {
      what: 'an ID token',
      token: async () => (await bed().tokensFor('ada')).tokens.id_token,
      says: ', error="invalid_token", error_description="Token verification failed"',
    },
  ]
  for (const { what, token, says } of refused) {
    it(`answers ${what} with 401 and says why in the challenge only`, async () => {
      const answer = await bed().userinfo(await token())

      expect(answer.status).to.equal(401)
      expect(answer.text).to.equal('')
      expect(answer.headers.get('www-authenticate')).to.equal(`Bearer realm="${bed().realm}"${says}`)
    })
  }

  it('wants a token with openid', async () => {
    const { json } = await bed().post('token', { grant_type: 'client_credentials' }, 'orders:orders-secret')
    const answer = await bed().userinfo(json.access_token)

    expect(answer.status).to.equal(403)
    expect(answer.headers.get('www-authenticate')).to.include('error="insufficient_scope"')
  })
})

onServers('Introspection', (server) => {
  const bed = useTestBed(server)

  it('tells those an access token is meant for all about it', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const { json } = await bed().introspect(tokens.access_token)

    expect(json).to.include({
      active: true,
      client_id: 'gw',
      username: 'ada',
      token_type: 'Bearer',
      sid: tokens.session_state,
    })
    expect(json.aud).to.have.members(['orders', 'account'])
    expect(json.resource_access.orders.roles).to.have.members(['read', 'write'])
    expect(json.scope.split(' ')).to.have.members(['openid', 'profile', 'email'])
  })

  const questions: { what: string; token: string; as?: Credentials; hint?: string; active: boolean }[] = [
    {
      what: 'an access token, asked by the client it was made for',
      token: 'access_token',
      as: 'gw:gw-secret',
      active: false,
    },
    { what: 'an ID token, asked by its client', token: 'id_token', as: 'gw:gw-secret', active: true },
    { what: 'an ID token, asked by an API', token: 'id_token', active: false },
    { what: 'a refresh token without a hint', token: 'refresh_token', as: 'gw:gw-secret', active: false },
    {
      what: 'a refresh token with the right hint',
      token: 'refresh_token',
      as: 'gw:gw-secret',
      hint: 'refresh_token',
      active: true,
    },
    { what: 'nonsense', token: 'token_type', active: false },
  ]
  for (const { what, token, as, hint, active } of questions) {
    it(`calls ${what} ${active ? 'active' : 'inactive'}`, async () => {
      const { tokens } = await bed().tokensFor('ben')
      const answer = await bed().introspect(tokens[token], as, hint)

      expect(answer.status).to.equal(200)
      expect(answer.json.active).to.equal(active)
      if (!active) expect(answer.json).to.deep.equal({ active: false })
    })
  }

  it('does not use a refresh token up', async () => {
    const { tokens } = await bed().tokensFor('ben')
    for (let i = 0; i < 3; i += 1) await bed().introspect(tokens.refresh_token, 'gw:gw-secret', 'refresh_token')

    expect((await bed().refresh(tokens.refresh_token)).status).to.equal(200)
  })

  it('answers a wrong secret differently from the token endpoint', async () => {
    const answer = await bed().introspect('abc', 'gw:nope')

    expect(answer.status).to.equal(401)
    expect(answer.json).to.deep.equal({ error: 'invalid_client', error_description: 'Client authentication failed.' })
  })

  it('refuses an empty hint, and no token at all', async () => {
    const empty = await bed().post('token/introspect', { token: 'abc', token_type_hint: '' })
    const none = await bed().post('token/introspect', {})

    expect(empty.json).to.deep.equal({ error: 'invalid_request', error_description: 'Unsupported token type.' })
    expect(none.json).to.deep.equal({ error: 'invalid_request', error_description: 'Token not provided.' })
  })
})

onServers('Revocation', (server) => {
  const bed = useTestBed(server)
  const garbage = { error: 'invalid_token', error_description: 'Invalid token' }

  it('of an access token ends that one alone', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const answer = await bed().post('revoke', { token: tokens.access_token })

    expect(answer.status).to.equal(200)
    expect(answer.text).to.equal('')
    expect((await bed().userinfo(tokens.access_token)).status).to.equal(401)
    expect((await bed().introspect(tokens.access_token)).json).to.deep.equal({ active: false })
    expect((await bed().refresh(tokens.refresh_token)).status).to.equal(200)
  })

  it('of the only refresh token ends the session, and tells nobody', async () => {
    const { tokens, visitor } = await bed().tokensFor('ada')
    await bed().post('revoke', { token: tokens.refresh_token })
    const { location } = await visitor.go(bed().request({ prompt: 'none' }).url)

    expect((await bed().refresh(tokens.refresh_token)).json.error_description).to.equal('Session not active')
    expect(location?.searchParams.get('error')).to.equal('login_required')
    expect(bed().receiver.calls).to.deep.equal([])
  })

  it('of one client leaves the others of the session alone', async () => {
    const { tokens, visitor } = await bed().tokensFor('ada')
    const changes = { client_id: 'other', redirect_uri: callback.other, prompt: 'none' }
    const other = await bed().tokensFor('ada', { visitor, changes })
    await bed().post('revoke', { token: tokens.refresh_token })
    const { location } = await visitor.go(bed().request({ prompt: 'none' }).url)

    expect((await bed().refresh(other.tokens.refresh_token, 'other:other-secret')).status).to.equal(200)
    expect(location?.searchParams.get('code')).to.be.a('string')
  })

  it('of an older login in the same browser ends the newer one', async () => {
    const older = await bed().tokensFor('ada')
    const newer = await bed().tokensFor('ada', { visitor: older.visitor })
    await bed().post('revoke', { token: older.tokens.refresh_token })

    expect((await bed().refresh(newer.tokens.refresh_token)).json.error_description).to.equal('Session not active')
  })

  it('of garbage is 200, with a complaint', async () => {
    const answer = await bed().post('revoke', { token: 'abc' })

    expect(answer.status).to.equal(200)
    expect(answer.json).to.deep.equal(garbage)
  })

  it("of another client's token is refused", async () => {
    const { tokens } = await bed().tokensFor('ada')
    const answer = await bed().post('revoke', { token: tokens.refresh_token }, 'other:other-secret')

    expect(answer.status).to.equal(400)
    expect(answer.json).to.deep.equal({ error: 'invalid_request', error_description: 'Unmatching clients' })
  })

  it('wants a token and the right client', async () => {
    expect((await bed().post('revoke', {})).json.error_description).to.equal('Token not provided')
    expect((await bed().post('revoke', { token: 'abc' }, 'gw:nope')).json.error).to.equal('unauthorized_client')
    const put = await readAnswer(await fetch(bed().oidc('revoke'), { method: 'PUT' }))
    expect(put.status).to.equal(405)
  })
})
