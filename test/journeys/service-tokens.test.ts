import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readRealm } from '../../keycloak/realm-file.ts'
import { type OAuthRequest, oauthClient } from '../service-tokens/oauth-client.ts'
import { forgeJwt, newSigningKey, type SigningKey } from '../support/jwt-forge.ts'
import { alice, onBothProviders, SERVICE_SECRET, type World } from './world/world.ts'

const REALM_FILE = 'keycloak/realms/demo-realm.json'
const CREDENTIALS = { grant_type: 'client_credentials' }
const ORDERS: OAuthRequest = { basic: `orders-service:${SERVICE_SECRET}` }
const TILL: OAuthRequest = { basic: 'till:secret-of-the-till' }
const NOBODY: OAuthRequest = { basic: null }

const audience = (client: string) => ({
  name: `audience ${client}`,
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: { 'included.client.audience': client, 'access.token.claim': 'true', 'introspection.token.claim': 'true' },
})

/** Two more clients: one that proves itself with a key, one that also signs people in; both may ask about their tokens. */
function moreClients(key: SigningKey): object[] {
  const common = {
    enabled: true,
    protocol: 'openid-connect',
    publicClient: false,
    standardFlowEnabled: false,
    serviceAccountsEnabled: true,
    fullScopeAllowed: true,
    defaultClientScopes: ['basic', 'roles', 'profile', 'service_account'],
    optionalClientScopes: [],
  }
  const jwks = JSON.stringify({ keys: [key.publicJwk] })
  const byKey = { 'use.jwks.string': 'true', 'jwks.string': jwks, 'token.endpoint.auth.signing.alg': 'RS256' }
  return [
    {
      ...common,
      clientId: 'robot',
      clientAuthenticatorType: 'client-jwt',
      attributes: byKey,
      protocolMappers: [audience('robot'), audience('orders-api')],
    },
    {
      ...common,
      clientId: 'till',
      clientAuthenticatorType: 'client-secret',
      secret: 'secret-of-the-till',
      directAccessGrantsEnabled: true,
      protocolMappers: [audience('till'), audience('orders-api')],
    },
  ]
}

onBothProviders('A service gets, examines and gives back its tokens at the gateway', (start) => {
  let key: SigningKey
  before(async () => {
    key = await newSigningKey('RS256', 'key-of-the-robot')
  })

  async function open() {
    const { clients = [] } = readRealm(readFileSync(REALM_FILE, 'utf8'), {}, REALM_FILE)
    // Whatever is told of tokens has to be as true with a memory as without.
    const world = await start({ clients: [...clients, ...moreClients(key)] }, { INTROSPECTION_CACHE_TTL: '30' })
    const post = oauthClient(world.gateway.url)
    const call = async (token: unknown) => {
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(`${world.gateway.url}/me`, { headers })).status
    }
    const token = async (as: OAuthRequest, more = {}) =>
      (await post('token', { ...CREDENTIALS, ...more }, as)).body.access_token as string
    return { world, post, call, token }
  }

  /** A proof of the robot, good for one request (RFC 7523). */
  function proof({ provider, realm }: World): Record<string, string> {
    const issuer = `${provider.url}/realms/${realm}`
    const exp = Math.floor(Date.now() / 1000) + 60
    const payload = { iss: 'robot', sub: 'robot', aud: issuer, jti: `proof-${Math.random()}`, exp }
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: forgeJwt({
        header: { alg: 'RS256', kid: key.kid },
        payload,
        alg: 'RS256',
        key: key.privateKey,
      }),
    }
  }

  it('with a secret: token, call, revocation, and from then on 401', async () => {
    const { post, call } = await open()
    const { status, body } = await post('token', { ...CREDENTIALS, scope: 'orders.read' }, ORDERS)
    expect(status).to.equal(200)
    expect(Object.keys(body)).to.have.members(['access_token', 'token_type', 'expires_in', 'scope'])
    expect(String(body.scope).split(' ')).to.include('orders.read')
    const token = String(body.access_token)
    expect(await call(token)).to.equal(200)
    expect((await post('introspect', { token }, ORDERS)).body).to.include({ active: true, client_id: 'orders-service' })
    const foreign = await post('revoke', { token }, TILL)
    expect([foreign.status, foreign.body.error]).to.deep.equal([400, 'invalid_request'])
    expect(await call(token)).to.equal(200)
    for (let i = 0; i < 2; i++) {
      const { status: revoked, text } = await post('revoke', { token }, ORDERS)
      expect([revoked, text]).to.deep.equal([200, ''])
      expect(await call(token)).to.equal(401)
    }
    expect((await post('revoke', { token }, TILL)).status).to.equal(400)
    expect((await post('revoke', { token: 'garbage' }, ORDERS)).status).to.equal(200)
  })

  it('with a key: each proof is good once', async () => {
    const { world, post, call } = await open()
    const once = proof(world)
    const { status, body } = await post('token', { ...CREDENTIALS, ...once }, NOBODY)
    expect(status).to.equal(200)
    expect(await call(body.access_token)).to.equal(200)
    const again = await post('token', { ...CREDENTIALS, ...once }, NOBODY)
    expect([again.status, again.body.error]).to.deep.equal([401, 'invalid_client'])
    const token = String(body.access_token)
    const known = await post('introspect', { token, ...proof(world) }, NOBODY)
    expect(known.body).to.include({ active: true, client_id: 'robot', azp: 'robot' })
    expect(known.body).not.to.have.any.keys('email', 'preferred_username')
    expect((await post('revoke', { token, ...proof(world) }, NOBODY)).status).to.equal(200)
    expect((await post('introspect', { token, ...proof(world) }, NOBODY)).body).to.deep.equal({ active: false })
    expect(await call(token)).to.equal(401)
  })

  it('and learns nothing of tokens that are not meant for it', async () => {
    const { post, token } = await open()
    const own = await token(TILL)
    for (let i = 0; i < 2; i++) expect((await post('introspect', { token: own }, TILL)).body.active).to.equal(true)
    expect((await post('introspect', { token: own }, { basic: 'till:guess' })).status).to.equal(401)
    expect((await post('introspect', { token: own }, ORDERS)).body).to.deep.equal({ active: false })
    expect((await post('introspect', { token: 'garbage' }, TILL)).body).to.deep.equal({ active: false })
    expect((await post('revoke', { token: own }, TILL)).status).to.equal(200)
    expect((await post('introspect', { token: own }, TILL)).body).to.deep.equal({ active: false })
  })

  it('refreshes a token that it got elsewhere, and gives it back', async () => {
    const { world, post, call } = await open()
    const { url } = world.provider
    const response = await fetch(`${url}/realms/${world.realm}/protocol/openid-connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(TILL.basic ?? '')}` },
      body: new URLSearchParams({ grant_type: 'password', ...alice }),
    })
    const { refresh_token } = (await response.json()) as { refresh_token: string }
    const { status, body } = await post('token', { grant_type: 'refresh_token', refresh_token }, TILL)
    expect(status).to.equal(200)
    expect(Object.keys(body)).to.include('refresh_token').and.not.include('id_token').and.not.include('session_state')
    expect(await call(body.access_token)).to.equal(200)
    const next = String(body.refresh_token)
    expect((await post('revoke', { token: next, token_type_hint: 'refresh_token' }, TILL)).status).to.equal(200)
    const over = await post('token', { grant_type: 'refresh_token', refresh_token: next }, TILL)
    expect([over.status, over.body.error]).to.deep.equal([400, 'invalid_grant'])
    expect(await call(body.access_token)).to.equal(401)
  })

  it('hears in the words of OAuth what is wrong', async () => {
    const { post } = await open()
    const rows: [form: Record<string, string>, as: OAuthRequest, status: number, error: string][] = [
      [CREDENTIALS, { basic: 'orders-service:wrong' }, 401, 'invalid_client'],
      [CREDENTIALS, { basic: 'nobody:wrong' }, 401, 'invalid_client'],
      [CREDENTIALS, { basic: 'cloakroom:demo-gateway-secret-change-me' }, 400, 'unauthorized_client'],
      [{ ...CREDENTIALS, scope: 'nope' }, ORDERS, 400, 'invalid_scope'],
      [{ grant_type: 'refresh_token', refresh_token: 'garbage' }, ORDERS, 400, 'invalid_grant'],
      [{ grant_type: 'password', ...alice }, TILL, 400, 'unsupported_grant_type'],
    ]
    for (const [form, as, status, error] of rows) {
      const answer = await post('token', form, as)
      expect([answer.status, answer.body.error]).to.deep.equal([status, error])
      expect(answer.headers.has('www-authenticate')).to.equal(status === 401)
    }
    const bad = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }
    const stranger = await newSigningKey('RS256', key.kid)
    const payload = { iss: 'robot', sub: 'robot', aud: 'x', jti: 'x', exp: 9_999_999_999 }
    const forged = forgeJwt({ header: { alg: 'RS256', kid: key.kid }, payload, alg: 'RS256', key: stranger.privateKey })
    const answer = await post('introspect', { token: 'x', ...bad, client_assertion: forged }, NOBODY)
    expect([answer.status, answer.body.error]).to.deep.equal([401, 'invalid_client'])
  })
})
