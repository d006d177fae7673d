import type { Parameters } from '../http/parameters.ts'
import type { Client, Realm } from '../model/types.ts'
import { scopeProblem } from '../tokens/scopes.ts'
import { isAllowedUri } from './redirect-uris.ts'

/** What is wrong with an authorization request: told on a page of our own, or to the client at its redirect URI. */
export type RequestProblem = { page: string } | { error: string; description?: string }

const responseModes = ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']
const missing = (name: string): RequestProblem => ({
  error: 'invalid_request',
  description: `Missing parameter: ${name}`,
})
const invalid = (name: string): RequestProblem => ({
  error: 'invalid_request',
  description: `Invalid parameter: ${name}`,
})
const disabledFlow = (flow: string): RequestProblem => ({
  error: 'unauthorized_client',
  description:
    'Client is not allowed to initiate browser login with given response_type. ' +
    `${flow} flow is disabled for the client.`,
})

/** The client of a request and whether it may be answered at this redirect URI: until then only a page can tell. */
export function findClient(realm: Realm, parameters: Parameters): { client: Client } | { page: string } {
  if (!parameters.client_id) return { page: 'Invalid Request' }
  const client = realm.clients.get(parameters.client_id)
  if (!client) return { page: 'Client not found.' }
  if (!client.enabled) return { page: 'Client disabled.' }
  if (client.bearerOnly) return { page: 'Bearer-only applications are not allowed to initiate browser login.' }
  if (parameters.request !== undefined) return { client }
  const uri = parameters.redirect_uri ?? ''
  return isAllowedUri(client.redirectUris, uri) ? { client } : { page: 'Invalid parameter: redirect_uri' }
}

function responseProblem(client: Client, { response_type: type, response_mode: mode }: Parameters) {
  if (!type) return missing('response_type')
  const words = type.split(' ')
  if (words.some((word) => !['code', 'token', 'id_token', 'none'].includes(word))) {
    return { error: 'unsupported_response_type' }
  }
  if (words.some((word) => word === 'token' || word === 'id_token')) return disabledFlow('Implicit')
  if (!client.standardFlow) return disabledFlow('Standard')
  return mode === undefined || responseModes.includes(mode) ? undefined : invalid('response_mode')
}

function pkceProblem(client: Client, { code_challenge: challenge, code_challenge_method: method }: Parameters) {
  const required = client.attributes['pkce.code.challenge.method']
  if (!required && method === undefined && challenge === undefined) return undefined
  if (!method) return missing('code_challenge_method')
  if (method !== (required ?? 'S256')) return invalid('code challenge method is not matching the configured one')
  if (challenge === undefined) return missing('code_challenge')
  return /^[A-Za-z0-9\-._~]{43,128}$/.test(challenge) ? undefined : invalid('code_challenge')
}

/** Judges everything else about a request, in Keycloak's order and words. */
export function requestProblem(realm: Realm, client: Client, parameters: Parameters, repeated: string[]) {
  if (repeated.length > 0) return { error: 'invalid_request', description: 'duplicated parameter' }
  if (parameters.request !== undefined) return undefined
  if (parameters.max_age !== undefined && !/^-?\d+$/.test(parameters.max_age)) return { page: 'Invalid Request' }
  const scopes = scopeProblem(realm, client, parameters.scope)
  return (
    responseProblem(client, parameters) ??
    (scopes === undefined ? undefined : { error: 'invalid_scope', description: scopes }) ??
    pkceProblem(client, parameters)
  )
}
