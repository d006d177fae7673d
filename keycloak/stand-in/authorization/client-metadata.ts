import type { AdapterPayload } from 'oidc-provider'
import type { Client } from '../model/types.ts'

/**
 * A client as oidc-provider wants it. Only what matters between browser and provider is filled in: secrets, grants
 * and redirect URIs are judged elsewhere, by Keycloak's rules.
 */
export function clientMetadata(client: Client): AdapterPayload {
  const { attributes } = client
  const requestAlg = attributes['request.object.signature.alg']
  const answerAlg = attributes['authorization.signed.response.alg']
  const keys = attributes['jwks.url'] ? { jwks_uri: attributes['jwks.url'] } : {}
  const metadata = {
    client_id: client.clientId,
    application_type: 'web',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['https://redirect-uris-are-judged-by-the-stand-in.invalid/'],
    ...keys,
    ...(attributes['jwks.string'] ? { jwks: JSON.parse(attributes['jwks.string']) } : {}),
    ...(requestAlg && requestAlg !== 'any' ? { request_object_signing_alg: requestAlg } : {}),
    ...(answerAlg ? { authorization_signed_response_alg: answerAlg } : {}),
    ...(attributes['request.object.required']?.startsWith('request') ? { require_signed_request_object: true } : {}),
  }
  // The names of algorithms come from a realm file as plain text; the provider checks them itself.
  return metadata as AdapterPayload
}
