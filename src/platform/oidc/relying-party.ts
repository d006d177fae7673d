import { setTimeout as pause } from 'node:timers/promises'
import * as client from 'openid-client'
import type { ProviderConfig } from '../config/config.ts'
import type { ProviderConfiguration } from './discovery.ts'
import { isInvalidGrant, isUntrustedAnswer, providerError } from './provider-error.ts'
import type { VerifyIdToken } from './verify-id-token.ts'

/** What a token answer brought, its ID token verified. */
export interface TokenSet {
  accessToken: string
  refreshToken: string | undefined
  /** As it came; absent when a refresh brought none. */
  idToken: string | undefined
  /** Seconds, or undefined where the provider does not say. */
  expiresIn: number | undefined
  scope: string | undefined
  /** Verified claims of the ID token, merged with userinfo where that is asked for. */
  claims: Record<string, unknown> | undefined
}

export interface AuthorizationRequest {
  state: string
  nonce: string
  codeVerifier: string
  /** Allow-listed hints. */
  hints: Record<string, string>
}

export interface RelyingParty {
  authorizationUrl(request: AuthorizationRequest): Promise<string>
  /** `query` is the callback's, with its `?`. @throws GatewayError, or openid-client's AuthorizationResponseError */
  exchangeCode(
    query: string,
    request: Omit<AuthorizationRequest, 'hints'>,
  ): Promise<TokenSet & { claims: Record<string, unknown> & { sub: string } }>
  /** `'over'` when the provider says that the grant is no longer valid, `'untrusted'` when its ID token does not fit. */
  refresh(refreshToken: string, subject: string): Promise<TokenSet | 'over' | 'untrusted'>
  /** Best effort; never throws (RFC 7009). */
  revoke(token: string): Promise<void>
  /** Where the browser signs out at the provider, or undefined when it has no such address. */
  endSessionUrl(idToken: string | undefined, returnUrl: string): Promise<string | undefined>
}

export interface RelyingPartyParts {
  provider: ProviderConfig
  redirectUri: string
  configuration: ProviderConfiguration
  verifyIdToken: VerifyIdToken
  onRevocationFailure: (error: unknown) => void
  /** Userinfo did not come after a refresh; the claims that are known stay. */
  onUserinfoFailure: (error: unknown) => void
}

/** Milliseconds: a person who signs out is not kept waiting for a provider that hangs. */
const REVOKE_PATIENCE_MS = 3_000

/** The gateway as an OpenID Connect relying party: code flow with PKCE S256 (RFC 7636), nothing else. */
export function createRelyingParty(parts: RelyingPartyParts): RelyingParty {
  const { provider, redirectUri, configuration, verifyIdToken } = parts

  async function withUserinfo(
    config: client.Configuration,
    accessToken: string,
    claims: Record<string, unknown> & { sub: string },
  ) {
    if (provider.userinfo === 'off') return claims
    const info = await client.fetchUserInfo(config, accessToken, claims.sub)
    return { ...info, ...claims }
  }

  /** The refresh token is spent by now, so a userinfo endpoint that is down must not cost the new tokens. */
  async function freshClaims(
    config: client.Configuration,
    tokens: client.TokenEndpointResponse,
    subject: string,
  ): Promise<Record<string, unknown> | undefined> {
    const accessToken = tokens.access_token
    const verified =
      tokens.id_token === undefined ? undefined : await verifyIdToken(tokens.id_token, { accessToken, subject })
    try {
      if (provider.userinfo === 'off') return verified
      return { ...(await client.fetchUserInfo(config, accessToken, subject)), ...verified }
    } catch (error) {
      if (isUntrustedAnswer(error)) throw error
      parts.onUserinfoFailure(error)
      return verified
    }
  }

  return {
    async authorizationUrl({ state, nonce, codeVerifier, hints }) {
      // A browser that is sent to a provider that is down sees its own error page; ours says what is wrong.
      const config = await configuration({ confirmed: true })
      const parameters = {
        redirect_uri: redirectUri,
        scope: provider.scopes,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...hints,
      }
      const metadata = config.serverMetadata()
      const push =
        provider.par === 'required' ||
        (provider.par === 'auto' && metadata.require_pushed_authorization_requests === true)
      try {
        const build = push ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl
        return (await build(config, parameters)).href
      } catch (error) {
        throw providerError(error, 'the authorization request could not be made')
      }
    },

    async exchangeCode(query, { state, nonce, codeVerifier }) {
      const config = await configuration()
      const tokens = await client.authorizationCodeGrant(config, new URL(redirectUri + query), {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = await verifyIdToken(tokens.id_token ?? '', { accessToken: tokens.access_token, nonce })
      return { ...tokenSet(tokens), claims: await withUserinfo(config, tokens.access_token, claims) }
    },

    async refresh(refreshToken, subject) {
      const config = await configuration()
      try {
        const tokens = await client.refreshTokenGrant(config, refreshToken)
        return { ...tokenSet(tokens), claims: await freshClaims(config, tokens, subject) }
      } catch (error) {
        if (isInvalidGrant(error)) return 'over'
        if (isUntrustedAnswer(error)) return 'untrusted'
        throw providerError(error, 'refresh failed')
      }
    },

    async revoke(token) {
      const revocation = configuration()
        .then((config) =>
          config.serverMetadata().revocation_endpoint === undefined ? undefined : client.tokenRevocation(config, token),
        )
        .catch(parts.onRevocationFailure)
      await Promise.race([revocation, pause(REVOKE_PATIENCE_MS, undefined, { ref: false })])
    },

    async endSessionUrl(idToken, returnUrl) {
      const config = await configuration()
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined
      // A long hint makes an address that some servers refuse; the client id alone leads to a confirmation page instead.
      const hint = idToken !== undefined && idToken.length < 6_000 ? { id_token_hint: idToken } : {}
      // Nobody looks at the state that comes back: whatever returns, the session here has ended before.
      const parameters = { post_logout_redirect_uri: returnUrl, state: client.randomState(), ...hint }
      return client.buildEndSessionUrl(config, parameters).href
    },
  }
}

function tokenSet(
  tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
): Omit<TokenSet, 'claims'> {
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    idToken: tokens.id_token,
    expiresIn: tokens.expiresIn(),
    scope: tokens.scope,
  }
}
