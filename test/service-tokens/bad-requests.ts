import type { RawRequest } from '../support/raw-messages.ts'
import { the } from '../support/the.ts'
import { CLIENT } from './oauth-client.ts'

export const FORM = 'application/x-www-form-urlencoded'
export const BASIC = `Basic ${btoa(CLIENT)}`
export const GRANT = 'grant_type=client_credentials'
const POST = `client_id=${the.clientId}&client_secret=${the.clientSecret}`
const JWT_BEARER = 'urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer'
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const assertion = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`
const asserted = (claims: object) => `client_assertion_type=${JWT_BEARER}&client_assertion=${assertion(claims)}`

/** A request that must not reach the provider, and what it hears. */
export type Row = [what: string, endpoint: string, request: RawRequest, status: number, error: string]
const row = (
  what: string,
  endpoint: string,
  body: string,
  status: number,
  error: string,
  more: RawRequest = {},
): Row => [what, endpoint, { body, headers: { 'Content-Type': FORM, Authorization: BASIC }, ...more }, status, error]
const without = { headers: { 'Content-Type': FORM } }
const withHeader = (Authorization: string) => ({ headers: { 'Content-Type': FORM, Authorization } })

/** Bodies and parameters (RFC 6749 section 3.2). */
export const badForms: Row[] = [
  row('no grant', 'token', 'scope=a', 400, 'invalid_request'),
  row('an empty body', 'token', '', 400, 'invalid_request'),
  row('an empty grant', 'token', 'grant_type=', 400, 'invalid_request'),
  row('two grants', 'token', `${GRANT}&${GRANT}`, 400, 'invalid_request'),
  row('two grants, one empty', 'token', `${GRANT}&grant_type=`, 400, 'invalid_request'),
  row('a parameter twice by another spelling', 'token', `${GRANT}&scope=a&s%63ope=b`, 400, 'invalid_request'),
  row('an unknown parameter twice', 'token', `${GRANT}&x=1&x=2`, 400, 'invalid_request'),
  row(
    'a thousand parameters',
    'token',
    `${GRANT}${Array.from({ length: 1_000 }, (_, i) => `&p${i}=1`).join('')}`,
    400,
    'invalid_request',
  ),
  row('no refresh token', 'token', 'grant_type=refresh_token', 400, 'invalid_request'),
  row(
    'a refresh token of 20,001 characters',
    'token',
    `grant_type=refresh_token&refresh_token=${'x'.repeat(20_001)}`,
    400,
    'invalid_request',
  ),
  row('a scope that Keycloak would drop', 'token', `${GRANT}&scope=${'x'.repeat(4_001)}`, 400, 'invalid_request'),
  row('a scope with two blanks', 'token', `${GRANT}&scope=a++b`, 400, 'invalid_scope'),
  row('a scope with a quotation mark', 'token', `${GRANT}&scope=%22`, 400, 'invalid_scope'),
  row('a scope with a line break', 'token', `${GRANT}&scope=a%0d%0ab`, 400, 'invalid_request'),
  row('a scope that is no UTF-8', 'token', `${GRANT}&scope=%ff`, 400, 'invalid_request'),
  row('a NUL', 'token', `${GRANT}&scope=a%00`, 400, 'invalid_request'),
  row('a form of 65 KiB', 'token', `${GRANT}&x=${'x'.repeat(66_000)}`, 413, 'invalid_request'),
  row('no token', 'introspect', 'token_type_hint=access_token', 400, 'invalid_request'),
  row('an empty token', 'introspect', 'token=', 400, 'invalid_request'),
  row('two tokens', 'introspect', 'token=a&token=b', 400, 'invalid_request'),
  row('no token', 'revoke', 'x=y', 400, 'invalid_request'),
  row('two tokens', 'revoke', 'token=a&token=b', 400, 'invalid_request'),
  row('a token with a line break', 'revoke', 'token=a%0ab', 400, 'invalid_request'),
  row('JSON', 'token', '{"grant_type":"client_credentials"}', 400, 'invalid_request', {
    headers: { 'Content-Type': 'application/json', Authorization: BASIC },
  }),
  row('no content type', 'token', GRANT, 400, 'invalid_request', { headers: { Authorization: BASIC } }),
  row('multipart', 'token', GRANT, 400, 'invalid_request', {
    headers: { 'Content-Type': 'multipart/form-data; boundary=x', Authorization: BASIC },
  }),
  row('a compressed form', 'token', GRANT, 415, 'invalid_request', {
    headers: { 'Content-Type': FORM, 'Content-Encoding': 'gzip', Authorization: BASIC },
  }),
  row('an odd charset', 'token', GRANT, 415, 'invalid_request', {
    headers: { 'Content-Type': `${FORM}; charset=x-nothing`, Authorization: BASIC },
  }),
  row('parameters in the address', 'token?grant_type=client_credentials', GRANT, 400, 'invalid_request'),
  row('the secret in the address', `token?${POST}`, GRANT, 400, 'invalid_request', without),
]

/** Ways to authenticate (RFC 6749 section 2.3, RFC 7523 section 3). */
export const badClients: Row[] = [
  row('no credential', 'token', GRANT, 401, 'invalid_client', without),
  row('an id alone', 'token', `${GRANT}&client_id=cloakroom`, 401, 'invalid_client', without),
  row('a secret alone', 'token', `${GRANT}&client_secret=x`, 401, 'invalid_client', without),
  row('an empty secret', 'token', `${GRANT}&client_id=cloakroom&client_secret=`, 401, 'invalid_client', without),
  row('Basic and a secret', 'token', `${GRANT}&${POST}`, 400, 'invalid_request'),
  row('Basic and an assertion', 'token', `${GRANT}&${asserted({ iss: 'a', sub: 'a' })}`, 400, 'invalid_request'),
  row(
    'a secret and an assertion',
    'token',
    `${GRANT}&${POST}&${asserted({ iss: 'a', sub: 'a' })}`,
    400,
    'invalid_request',
    without,
  ),
  row('two names', 'token', `${GRANT}&client_id=orders-service`, 400, 'invalid_request'),
  row(
    'another name beside an assertion',
    'token',
    `${GRANT}&client_id=b&${asserted({ iss: 'a', sub: 'a' })}`,
    400,
    'invalid_request',
    without,
  ),
  row(
    'an assertion without its type',
    'token',
    `${GRANT}&client_assertion=${assertion({ iss: 'a', sub: 'a' })}`,
    400,
    'invalid_request',
    without,
  ),
  row(
    'an assertion of SAML',
    'token',
    `${GRANT}&client_assertion=x&client_assertion_type=saml2`,
    400,
    'invalid_request',
    without,
  ),
  row(
    'an assertion of two people',
    'token',
    `${GRANT}&${asserted({ iss: 'a', sub: 'b' })}`,
    401,
    'invalid_client',
    without,
  ),
  row('an assertion of nobody', 'token', `${GRANT}&${asserted({})}`, 401, 'invalid_client', without),
  row(
    'an assertion that is none',
    'token',
    `${GRANT}&client_assertion_type=${JWT_BEARER}&client_assertion=a.b.c`,
    401,
    'invalid_client',
    without,
  ),
  row('Bearer', 'token', GRANT, 401, 'invalid_client', withHeader('Bearer abc')),
  row('Basic with nothing', 'token', GRANT, 401, 'invalid_client', withHeader('Basic')),
  row('Basic that is no base64', 'token', GRANT, 401, 'invalid_client', withHeader('Basic ???')),
  row(
    'Basic without a colon',
    'introspect',
    'token=x',
    401,
    'invalid_client',
    withHeader(`Basic ${btoa('cloakroom')}`),
  ),
  row('Basic without a secret', 'revoke', 'token=x', 401, 'invalid_client', withHeader(`Basic ${btoa('cloakroom:')}`)),
  row('Basic without an id', 'token', GRANT, 401, 'invalid_client', withHeader(`Basic ${btoa(':secret')}`)),
  row('Basic with a line break', 'token', GRANT, 401, 'invalid_client', withHeader(`Basic ${btoa('a\r\nb:c')}`)),
  row('Basic with broken percent signs', 'token', GRANT, 401, 'invalid_client', withHeader(`Basic ${btoa('a%zz:c')}`)),
]
