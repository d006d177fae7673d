import { createHash, randomBytes } from 'node:crypto'
import { discoveryDocument } from './provider-document.ts'
import type { Call, Endpoint } from './provider-script.ts'
import { introspect, serviceGrant } from './provider-services.ts'
import type { ProviderAnswer, ProviderState } from './provider-state.ts'
import { type Grant, type MintParts, mintAccessToken, mintIdToken, personal } from './provider-tokens.ts'

const random = () => randomBytes(24).toString('base64url')

export function json(status: number, body: unknown, headers: Record<string, string> = {}): ProviderAnswer {
  const fixed = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  return { status, headers: { ...fixed, ...headers }, body: JSON.stringify(body) }
}

const oauthError = (status: number, error: string, text: string) => json(status, { error, error_description: text })

/** The provider's endpoints, each behaving well unless the script says otherwise. */
export function createEndpoints(state: ProviderState): Record<Endpoint, (call: Call) => Promise<ProviderAnswer>> {
  const { script, issuer } = state
  const base = issuer.replace(/\/$/, '')
  const mint = (): MintParts => {
    const [key] = state.keys
    if (key === undefined) throw new Error('the provider has no key')
    return { issuer, key, script, now: Math.floor(state.now() / 1000) }
  }

  function answerTokens(grant: Grant, grantType: string, refreshToken: string | undefined, idToken: boolean) {
    const accessToken = mintAccessToken(mint(), grant)
    state.accessTokens.set(accessToken, grant)
    const extra = grantType === 'refresh_token' ? { nonce: undefined, ...script.refresh.claims } : {}
    const answer = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: script.expiresIn,
      refresh_token: refreshToken,
      id_token: idToken ? mintIdToken(mint(), grant, accessToken, extra) : undefined,
      scope: grant.scope,
    }
    return json(200, script.tokenAnswer(answer, grantType))
  }

  function newRefreshToken(grant: Grant): string {
    const token = `canary-refresh-${random()}`
    grant.refreshTokens.set(token, 0)
    return token
  }

  function spendCode({ form }: Call, clientId: string): ProviderAnswer {
    const found = state.codes.get(form.get('code') ?? '')
    state.codes.delete(form.get('code') ?? '')
    if (found === undefined) return oauthError(400, 'invalid_grant', 'Code not valid')
    const { grant, challenge, redirectUri } = found
    const computed = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (computed !== challenge) return oauthError(400, 'invalid_grant', 'PKCE verification failed: Code mismatch')
    if (form.get('redirect_uri') !== redirectUri || grant.clientId !== clientId)
      return oauthError(400, 'invalid_grant', 'Incorrect redirect_uri')
    return answerTokens(grant, 'authorization_code', newRefreshToken(grant), true)
  }

  function spendRefreshToken({ form }: Call): ProviderAnswer {
    const given = form.get('refresh_token') ?? ''
    const grant = state.grants.find(({ refreshTokens }) => refreshTokens.has(given))
    const used = grant?.refreshTokens.get(given) ?? 0
    if (grant === undefined || grant.over) return oauthError(400, 'invalid_grant', 'Session not active')
    if (used > script.refresh.reuse) {
      grant.over = true
      return oauthError(400, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded')
    }
    if (script.refresh.rotate) grant.refreshTokens.set(given, used + 1)
    const next = script.refresh.rotate ? newRefreshToken(grant) : undefined
    return answerTokens(grant, 'refresh_token', next, script.refresh.idToken)
  }

  function grantFor(request: URLSearchParams): string {
    const grant: Grant = {
      person: script.person,
      sid: script.sid,
      acr: script.acr,
      scope: script.scope,
      clientId: request.get('client_id') ?? '',
      authTime: Math.floor(state.now() / 1000),
      nonce: request.get('nonce') ?? undefined,
      refreshTokens: new Map(),
      over: false,
    }
    state.grants.push(grant)
    const code = `canary-code-${random()}`
    const challenge = request.get('code_challenge') ?? ''
    state.codes.set(code, { grant, challenge, redirectUri: request.get('redirect_uri') ?? '' })
    return code
  }

  function authorize({ query }: Call): ProviderAnswer {
    const pushed = query.get('request_uri')
    const request = pushed === null ? query : state.pushed.get(pushed)
    if (request === undefined) return json(400, { error: 'invalid_request_uri' })
    if (request.get('code_challenge_method') !== 'S256') return json(400, { error: 'invalid_request' })
    if (script.interactive && !query.has('signed_in')) return loginPage(query)
    const answer = new URLSearchParams({ code: grantFor(request), state: request.get('state') ?? '' })
    if (script.sid !== undefined) answer.set('session_state', script.sid)
    if (script.iss === 'right' && script.advertiseIss) answer.set('iss', issuer)
    else if (typeof script.iss === 'object') answer.set('iss', script.iss.wrong)
    script.authorize(answer, request)
    const location = `${request.get('redirect_uri')}?${answer}`
    return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
  }

  function loginPage(query: URLSearchParams): ProviderAnswer {
    const next = new URLSearchParams([...query, ['signed_in', 'yes']])
    const target = `${base}/authorize?${next}`.replaceAll('&', '&amp;')
    const body = `<meta http-equiv="refresh" content="0;url=${target}">`
    return { status: 200, headers: { 'content-type': 'text/html' }, body }
  }

  async function token(call: Call): Promise<ProviderAnswer> {
    const clientId = await state.authenticateClient(call)
    if (clientId === undefined)
      return oauthError(401, 'unauthorized_client', 'Invalid client or Invalid client credentials')
    const grantType = call.form.get('grant_type')
    if (grantType === 'authorization_code') return spendCode(call, clientId)
    if (grantType === 'refresh_token') return spendRefreshToken(call)
    if (grantType === 'client_credentials')
      return answerTokens(serviceGrant(state, clientId), grantType, undefined, false)
    return oauthError(400, 'unsupported_grant_type', 'Unsupported grant_type')
  }

  async function par(call: Call): Promise<ProviderAnswer> {
    if ((await state.authenticateClient(call)) === undefined) return oauthError(401, 'invalid_client', 'no')
    const uri = `urn:ietf:params:oauth:request_uri:${random()}`
    state.pushed.set(uri, call.form)
    return json(201, { request_uri: uri, expires_in: 60 })
  }

  function userinfo({ headers }: Call): ProviderAnswer {
    const grant = state.accessTokens.get(String(headers.authorization ?? '').replace(/^Bearer /, ''))
    if (grant === undefined || grant.over)
      return json(401, {}, { 'www-authenticate': 'Bearer realm="demo", error="invalid_token"' })
    const claims = { sub: grant.person.sub, ...personal(grant.person), picture: 'https://pictures.example/alice.png' }
    return json(200, script.userinfo(claims))
  }

  async function revoke(call: Call): Promise<ProviderAnswer> {
    if ((await state.authenticateClient(call)) === undefined) return oauthError(401, 'invalid_client', 'no')
    const given = call.form.get('token') ?? ''
    const grant = state.grants.find(({ refreshTokens }) => refreshTokens.has(given))
    // As Keycloak does it: every login of this SSO session at this client goes with it.
    for (const other of state.grants) if (grant !== undefined && other.sid === grant.sid) other.over = true
    return { status: 200, headers: {}, body: '' }
  }

  function endSession({ query }: Call): ProviderAnswer {
    const back = query.get('post_logout_redirect_uri')
    const state_ = query.get('state')
    if (back === null) return { status: 200, headers: { 'content-type': 'text/html' }, body: 'signed out' }
    const location = `${back}${state_ === null ? '' : `?state=${state_}`}`
    return { status: 302, headers: { location }, body: '' }
  }

  return {
    discovery: async () => json(200, script.discovery(discoveryDocument(issuer, script))),
    jwks: async () => json(200, script.keySet(state.keys.map(({ publicJwk }) => publicJwk))),
    authorize: async (call) => authorize(call),
    par,
    token,
    userinfo: async (call) => userinfo(call),
    introspect: (call) => introspect(state, call),
    revoke,
    'end-session': async (call) => endSession(call),
  }
}
