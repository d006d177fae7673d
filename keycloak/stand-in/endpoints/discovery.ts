import type { Request, Response } from 'express'
import type { Realm } from '../model/types.ts'

const signing = ['PS384', 'RS384', 'ES384', 'ES256', 'RS256', 'ES512', 'PS256', 'PS512', 'RS512']
const authMethods = ['private_key_jwt', 'client_secret_basic', 'client_secret_post']

function levels(realm: Realm): string[] {
  const text = realm.settings.attributes?.['acr.loa.map']
  return [...(text ? Object.keys(JSON.parse(text)) : []), '0', '1']
}

/** The addresses: browsers use the public one, programs whichever they asked at (`hostname-backchannel-dynamic`). */
function endpoints(realm: Realm, askedAt: string) {
  const front = `${realm.issuer}/protocol/openid-connect`
  const back = `${askedAt}/realms/${realm.name}/protocol/openid-connect`
  return {
    issuer: realm.issuer,
    authorization_endpoint: `${front}/auth`,
    token_endpoint: `${back}/token`,
    introspection_endpoint: `${back}/token/introspect`,
    userinfo_endpoint: `${back}/userinfo`,
    end_session_endpoint: `${front}/logout`,
    jwks_uri: `${back}/certs`,
    revocation_endpoint: `${back}/revoke`,
    pushed_authorization_request_endpoint: `${back}/ext/par/request`,
  }
}

/**
 * `GET …/.well-known/openid-configuration` (OpenID Connect Discovery 1.0). Every member means what it means at
 * Keycloak; members about what the stand-in does not do are left out.
 * @param backchannelUrl where this request was asked, as scheme, host and port
 */
export const createDiscovery =
  (backchannelUrl: (req: Request) => string) =>
  (realm: Realm, req: Request, res: Response): void => {
    res.set('Cache-Control', 'no-cache, must-revalidate, no-transform, no-store').json({
      ...endpoints(realm, backchannelUrl(req)),
      grant_types_supported: ['authorization_code', 'client_credentials', 'password', 'refresh_token'],
      acr_values_supported: levels(realm),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      prompt_values_supported: ['none', 'login', 'consent'],
      id_token_signing_alg_values_supported: signing,
      request_object_signing_alg_values_supported: signing,
      response_modes_supported: ['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt'],
      token_endpoint_auth_methods_supported: authMethods,
      token_endpoint_auth_signing_alg_values_supported: signing,
      introspection_endpoint_auth_methods_supported: authMethods,
      introspection_endpoint_auth_signing_alg_values_supported: signing,
      revocation_endpoint_auth_methods_supported: authMethods,
      revocation_endpoint_auth_signing_alg_values_supported: signing,
      authorization_signing_alg_values_supported: signing,
      claims_supported: claims,
      claim_types_supported: ['normal'],
      claims_parameter_supported: true,
      scopes_supported: ['openid', ...realm.scopes.keys()],
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      code_challenge_methods_supported: ['plain', 'S256'],
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      require_pushed_authorization_requests: false,
      authorization_response_iss_parameter_supported: true,
    })
  }

const claims = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'email',
  'acr',
  'azp',
  'nonce',
]
