import { decodeJwt } from 'jose'
import { type OAuthForm, pick } from './oauth-form.ts'
import { clientRefused, oauthRefusal } from './oauth-refusal.ts'

/** A client as it presents itself; whether it is true, the provider says. */
export interface ServiceClient {
  readonly id: string
  /** What goes to the provider to prove it: header fields and parameters, exactly one of which holds the credential. */
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
}

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const BASIC = /^basic +([A-Za-z0-9+/]+=*) *$/i

/**
 * How the client authenticates: Basic, `client_secret_post` (RFC 6749 section 2.3.1) or `private_key_jwt` (RFC 7523
 * section 2.2), one and only one of them, and with one name.
 * @throws GatewayError CLIENT_REFUSED, INVALID_REQUEST
 */
export function readServiceClient(authorization: string | undefined, form: OAuthForm): ServiceClient {
  const given = pick(form, ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'])
  const { client_secret: secret, client_assertion: assertion } = given
  const ways = [authorization, secret, assertion].filter((way) => way !== undefined)
  if (ways.length > 1) throw oauthRefusal('invalid_request', 'Authenticate in one way only.')
  const client =
    authorization !== undefined
      ? byHeader(authorization)
      : assertion !== undefined
        ? byAssertion(assertion, given.client_assertion_type)
        : bySecret(given.client_id, secret)
  if (given.client_id !== undefined && given.client_id !== client.id)
    throw oauthRefusal('invalid_request', 'The parameter client_id names another client than the credential does.')
  return client
}

function byHeader(authorization: string): ServiceClient {
  const encoded = BASIC.exec(authorization)?.[1]
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const [, id, secret] = /^([^:]+):(.+)$/.exec(text) ?? []
  if (id === undefined || secret === undefined || !/^[\x20-\x7e]+$/.test(text))
    throw clientRefused('The Authorization header is not Basic with a client id and a secret.')
  return { id: decoded(id), headers: { authorization: `Basic ${encoded}` }, parameters: {} }
}

/** Id and secret are form-encoded before they are put into the header (RFC 6749 section 2.3.1). */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id.replaceAll('+', ' '))
  } catch {
    throw clientRefused('The client id in the Authorization header is not encoded as RFC 6749 section 2.3.1 asks for.')
  }
}

function byAssertion(assertion: string, type: string | undefined): ServiceClient {
  if (type !== JWT_BEARER)
    throw oauthRefusal('invalid_request', `The parameter client_assertion_type is not ${JWT_BEARER}.`)
  const id = subjectOf(assertion)
  if (id === undefined) throw clientRefused('The client assertion is not a JWT whose iss and sub are the client id.')
  return { id, headers: {}, parameters: { client_id: id, client_assertion: assertion, client_assertion_type: type } }
}

function subjectOf(assertion: string): string | undefined {
  try {
    const { iss, sub } = decodeJwt(assertion)
    return iss === sub && typeof sub === 'string' && sub !== '' ? sub : undefined
  } catch {
    return undefined
  }
}

function bySecret(id: string | undefined, secret: string | undefined): ServiceClient {
  if (id === undefined || secret === undefined)
    throw clientRefused('Authenticate with HTTP Basic, client_secret_post or private_key_jwt.')
  return { id, headers: {}, parameters: { client_id: id, client_secret: secret } }
}
