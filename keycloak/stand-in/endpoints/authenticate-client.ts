import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { KeycloakError, oauthError } from '../http/keycloak-error.ts'
import type { Parameters } from '../http/parameters.ts'
import type { Client, Realm } from '../model/types.ts'

const refused = (error: string) => oauthError(401, error, 'Invalid client or Invalid client credentials')

function decodeWord(word: string): string {
  try {
    return decodeURIComponent(word.replaceAll('+', ' '))
  } catch {
    return word
  }
}

/** `client_id` and secret of an `Authorization: Basic` header, percent-decoded (RFC 6749 section 2.3.1). */
function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^basic ([A-Za-z0-9+/]+=*)$/i.exec(header ?? '') ?? []
  const [id, secret] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(/:(.*)/s)
  return id && secret !== undefined ? { id: decodeWord(id), secret: decodeWord(secret) } : undefined
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function clientKeys(client: Client): JWTVerifyGetKey {
  const { 'jwks.url': url, 'jwks.string': text } = client.attributes
  if (url) return createRemoteJWKSet(new URL(url))
  return createLocalJWKSet(text ? JSON.parse(text) : { keys: [] })
}

/** `private_key_jwt` (RFC 7523). Keycloak answers its faults with 400, not 401. */
async function checkAssertion(realm: Realm, client: Client, assertion: string) {
  const fail = (text: string) => oauthError(400, 'invalid_client', text)
  const { aud, jti, exp } = decodeJwt(assertion)
  if (Array.isArray(aud) && aud.length > 1) throw fail('Multiple audiences not allowed')
  if (!jti || exp === undefined) throw fail('Missing ID or expiration on the token')
  const audience = [realm.issuer, `${realm.issuer}/protocol/openid-connect/token`]
  try {
    const self = client.clientId
    await jwtVerify(assertion, clientKeys(client), { issuer: self, subject: self, audience })
  } catch (error) {
    const unknownKey = error instanceof Error && 'code' in error && error.code === 'ERR_JWKS_NO_MATCHING_KEY'
    throw fail(unknownKey ? 'Unable to load public key' : 'Client authentication with signed JWT failed')
  }
  const memory = `assertion:${client.clientId}:${jti}`
  if (realm.revokedTokens.has(memory)) throw fail('Token reuse detected')
  realm.revokedTokens.set(memory, exp)
}

function assertionSubject(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

/**
 * Who calls a back-channel endpoint, as Keycloak decides it: Basic or form secret, signed assertion, or a public client.
 * @throws KeycloakError 401 `unauthorized_client` for a wrong secret, 401 `invalid_client` for an unknown client
 */
export async function authenticateClient(realm: Realm, req: Request, form: Parameters): Promise<Client> {
  if (realm.settings.enabled === false) throw oauthError(403, 'access_denied', 'Realm not enabled')
  const basic = basicCredentials(req.headers.authorization)
  const assertion = form.client_assertion
  const id = form.client_id ?? basic?.id ?? (assertion ? assertionSubject(assertion) : undefined)
  const client = id === undefined ? undefined : realm.clients.get(id)
  if (!client?.enabled || client.bearerOnly) throw refused('invalid_client')
  refuseForeignOrigin(req, client)
  if (client.publicClient) return client
  if (client.authenticator === 'client-jwt') {
    if (!assertion) throw oauthError(400, 'invalid_client', 'Parameter client_assertion_type is missing')
    await checkAssertion(realm, client, assertion)
    return client
  }
  const secret = basic?.secret ?? form.client_secret
  if (secret === undefined || client.secret === undefined || !sameText(secret, client.secret)) {
    throw refused('unauthorized_client')
  }
  return client
}

/** A browser on another site may not call back-channel endpoints unless the client lists its origin. */
function refuseForeignOrigin(req: Request, client: Client) {
  const { origin } = req.headers
  if (!origin || origin === 'null' || client.webOrigins.includes('*') || client.webOrigins.includes(origin)) return
  const own = client.redirectUris.filter((uri) => URL.canParse(uri)).map((uri) => new URL(uri).origin)
  if (client.webOrigins.includes('+') && own.includes(origin)) return
  throw new KeycloakError(403, { error: 'Invalid origin' })
}
