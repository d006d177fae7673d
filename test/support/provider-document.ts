import type { ProviderScript } from './provider-script.ts'

/** What the provider says of itself, before the script changes it. */
export function discoveryDocument(issuer: string, script: ProviderScript): Record<string, unknown> {
  const base = issuer.replace(/\/$/, '')
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/jwks`,
    userinfo_endpoint: `${base}/userinfo`,
    introspection_endpoint: `${base}/introspect`,
    revocation_endpoint: `${base}/revoke`,
    end_session_endpoint: `${base}/end-session`,
    pushed_authorization_request_endpoint: `${base}/par`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    // As Keycloak: everything the server can do, whatever the client is set to.
    id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'HS256', 'EdDSA'],
    code_challenge_methods_supported: ['plain', 'S256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    ...(script.advertiseIss ? { authorization_response_iss_parameter_supported: true } : {}),
  }
}
