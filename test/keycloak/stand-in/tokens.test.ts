import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

onServers('Tokens of a person', (server) => {
  const bed = useTestBed(server)

  it('come as Keycloak hands them out', async () => {
    const { answer, request } = await bed().signIn('ada')
    const { json, headers } = await bed().exchange({ answer, request })

    expect(headers.get('cache-control')).to.equal('no-store')
    expect(headers.get('pragma')).to.equal('no-cache')
    expect(headers.get('content-type')).to.match(/^application\/json/)
    expect(json).to.have.all.keys(
      ...['access_token', 'expires_in', 'refresh_expires_in', 'refresh_token', 'token_type', 'id_token'],
      ...['not-before-policy', 'session_state', 'scope'],
    )
    expect(json).to.include({ expires_in: 300, token_type: 'Bearer', 'not-before-policy': 0 })
    // Counted from the sign-in, which may lie in an earlier second than the answer.
    expect(json.refresh_expires_in).to.be.within(1740, 1800)
    expect(json.session_state).to.equal(answer.location?.searchParams.get('session_state'))
    expect(json.scope.split(' ')).to.have.members(['openid', 'profile', 'email'])
  })

  it('give the API everything it decides by', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const access = decodeJwt(tokens.access_token)

    expect(decodeProtectedHeader(tokens.access_token)).to.include({ alg: 'RS256', typ: 'JWT' })
    expect(access).to.have.all.keys(
      ...['exp', 'iat', 'auth_time', 'jti', 'iss', 'aud', 'sub', 'typ', 'azp', 'sid', 'acr', 'realm_access'],
      ...['resource_access', 'scope', 'email_verified', 'name', 'groups', 'preferred_username', 'given_name'],
      ...['family_name', 'email'],
    )
    expect(access).to.deep.include({
      iss: bed().issuer,
      typ: 'Bearer',
      azp: 'gw',
      sid: tokens.session_state,
      acr: '1',
      groups: ['/team/red'],
      preferred_username: 'ada',
      name: 'Ada Test',
      email: 'ada@example.com',
      email_verified: true,
    })
    expect(access.exp).to.equal((access.iat ?? 0) + 300)
    expect(access.auth_time).to.be.closeTo(access.iat ?? 0, 5)
    expect(access.sub).to.match(uuid)
    expect(access.jti).to.match(/^onrtac:/)
    expect(access.aud).to.have.members(['orders', 'account'])
  })

  it('hold the roles of composites and of groups above the own one', async () => {
    const { tokens } = await bed().tokensFor('ada')
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
    const access: any = decodeJwt(tokens.access_token)

    expect(access.realm_access.roles).to.have.members([
      ...[`default-roles-${bed().realm}`, 'offline_access', 'uma_authorization', 'admin', 'customer'],
    ])
    expect(access.resource_access.orders.roles).to.have.members(['read', 'write'])
    expect(access.resource_access.account.roles).to.have.members([
      'manage-account',
      'manage-account-links',
      'view-profile',
    ])
  })

  it('tell the client who signed in', async () => {
    const { tokens, request } = await bed().tokensFor('ada')
    const access = decodeJwt(tokens.access_token)
    const id = decodeJwt(tokens.id_token)
    const half = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url')

    expect(id).to.have.all.keys(
      ...['exp', 'iat', 'auth_time', 'jti', 'iss', 'aud', 'sub', 'typ', 'azp', 'nonce', 'sid', 'at_hash', 'acr'],
      ...['email_verified', 'name', 'groups', 'preferred_username', 'given_name', 'family_name', 'email'],
    )
    expect(id).to.include({ aud: 'gw', typ: 'ID', azp: 'gw', nonce: request.parameters.nonce, at_hash: half })
    expect(id).to.include({ iss: access.iss, sub: access.sub, sid: access.sid, exp: access.exp })
  })

  it('are signed with a published key', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const keys = createRemoteJWKSet(new URL(bed().oidc('certs')))

    await jwtVerify(tokens.access_token, keys, { issuer: bed().issuer, audience: 'orders' })
    await jwtVerify(tokens.id_token, keys, { issuer: bed().issuer, audience: 'gw' })
  })

  it('keep the refresh token to Keycloak itself', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const refresh = decodeJwt(tokens.refresh_token)

    expect(decodeProtectedHeader(tokens.refresh_token).alg).to.equal('HS512')
    expect(refresh).to.have.all.keys(
      ...['exp', 'iat', 'jti', 'iss', 'aud', 'sub', 'typ', 'azp', 'sid', 'scope', 'aud_x', 'prov', 'reuse_id'],
    )
    expect(refresh).to.include({ typ: 'Refresh', azp: 'gw', iss: bed().issuer, aud: bed().issuer })
    expect(refresh.exp).to.equal((refresh.iat ?? 0) + 1800)
  })

  it('come without an ID token when openid was not asked for', async () => {
    const { tokens } = await bed().tokensFor('ben', { changes: { scope: 'profile' } })

    expect(tokens).not.to.have.property('id_token')
    expect((await bed().userinfo(tokens.access_token)).status).to.equal(403)
  })

  it('add an optional scope that is asked for', async () => {
    const { tokens } = await bed().tokensFor('ben', { changes: { scope: 'openid phone' } })

    expect(tokens.scope.split(' ')).to.have.members(['openid', 'profile', 'email', 'phone'])
  })

  it('have no end when offline access is asked for', async () => {
    const { tokens } = await bed().tokensFor('ben', { changes: { scope: 'openid offline_access' } })
    const refresh = decodeJwt(tokens.refresh_token)

    expect(tokens.refresh_expires_in).to.equal(0)
    expect(refresh).to.include({ typ: 'Offline', sid: tokens.session_state })
    expect(refresh).not.to.have.property('exp')
    expect((await bed().refresh(tokens.refresh_token)).status).to.equal(200)
  })

  it('show a change of the person at the next refresh', async () => {
    const { tokens } = await bed().tokensFor('dan')
    const id = await bed().userId('dan')
    const customer = await bed().admin('GET', '/roles/customer')
    await bed().admin('POST', `/users/${id}/role-mappings/realm`, { body: [customer.json] })
    await bed().admin('PUT', `/users/${id}`, { body: { email: 'daniel@example.com' } })
    const { json } = await bed().refresh(tokens.refresh_token)
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
    const access: any = decodeJwt(json.access_token)

    expect(access.email).to.equal('daniel@example.com')
    expect(access.realm_access.roles).to.include('customer')
    expect(access.jti).to.match(/^onrtrt:/)
    expect(decodeJwt(json.id_token)).not.to.have.property('nonce')
    expect(decodeJwt(json.id_token).auth_time).to.equal(decodeJwt(tokens.id_token).auth_time)
  })
})

onServers('Tokens of a service', (server) => {
  const bed = useTestBed(server)
  const ask = (form: Record<string, string> = {}, as: `${string}:${string}` = 'svc-view-users:svc-secret') =>
    bed().post('token', { grant_type: 'client_credentials', ...form }, as)

  it('belong to no session and cannot be refreshed', async () => {
    const { json } = await ask()
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested
    const access: any = decodeJwt(json.access_token)

    expect(json).to.have.all.keys(
      ...['access_token', 'expires_in', 'refresh_expires_in', 'token_type', 'not-before-policy', 'scope'],
    )
    expect(json.refresh_expires_in).to.equal(0)
    expect(access).to.include({
      typ: 'Bearer',
      azp: 'svc-view-users',
      preferred_username: 'service-account-svc-view-users',
    })
    expect(access).not.to.have.any.keys('sid', 'auth_time')
    expect(access.jti).to.match(/^trrtcc:/)
    expect(access.resource_access['realm-management'].roles).to.have.members([
      'view-users',
      'query-users',
      'query-groups',
    ])
  })

  it('name the client when its account was made with it', async () => {
    const { json } = await ask({}, 'orders:orders-secret')

    expect(decodeJwt(json.access_token)).to.include({
      client_id: 'orders',
      clientHost: '127.0.0.1',
      clientAddress: '127.0.0.1',
    })
  })

  it('come with an ID token when openid is asked for', async () => {
    expect((await ask({ scope: 'openid' })).json).to.have.property('id_token')
  })
})
