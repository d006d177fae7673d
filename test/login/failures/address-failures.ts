import { DENIED, type Failure, FOREIGN, query, REJECTED, UNTRUSTED } from './failure.ts'

/** What may be wrong with the address alone. */
export const addressFailures: Failure[] = [
  { what: 'no state', tamper: query((q) => q.delete('state')), ...FOREIGN },
  { what: 'an empty state', tamper: query((q) => q.set('state', '')), ...FOREIGN },
  { what: 'an unknown state', tamper: query((q) => q.set('state', 'A'.repeat(43))), ...FOREIGN },
  { what: 'a state that is cut', tamper: query((q) => q.set('state', q.get('state')?.slice(0, 42) ?? '')), ...FOREIGN },
  { what: 'a state with more behind it', tamper: query((q) => q.set('state', `${q.get('state')}A`)), ...FOREIGN },
  { what: 'a state of 20,000 characters', tamper: query((q) => q.set('state', 'A'.repeat(5_000))), ...FOREIGN },
  { what: '__proto__ as state', tamper: query((q) => q.set('state', '__proto__')), ...FOREIGN },
  { what: 'the state twice', tamper: query((q) => q.append('state', q.get('state') ?? '')), ...FOREIGN },
  { what: 'another state twice', tamper: query((q) => q.append('state', 'B'.repeat(43))), ...FOREIGN },
  { what: 'no code and no error', tamper: query((q) => q.delete('code')), ...FOREIGN },
  { what: 'the code twice', tamper: query((q) => q.append('code', 'another')), ...FOREIGN },
  { what: 'a code of 5,000 characters', tamper: query((q) => q.set('code', 'c'.repeat(5_000))), ...FOREIGN },
  { what: 'iss twice', tamper: query((q) => q.append('iss', q.get('iss') ?? '')), ...FOREIGN },
  {
    what: 'error twice',
    tamper: query((q) => {
      q.append('error', 'access_denied')
      q.append('error', 'login_required')
    }),
    ...FOREIGN,
  },
  {
    what: 'an unknown code',
    tamper: query((q) => q.set('code', 'nobody-gave-this')),
    ...REJECTED,
  },
  { what: 'an empty code', tamper: query((q) => q.set('code', '')), ...UNTRUSTED },
  { what: 'no iss though the provider promises it', tamper: query((q) => q.delete('iss')), ...UNTRUSTED },
  { what: 'another iss', tamper: query((q) => q.set('iss', 'https://evil.example')), ...UNTRUSTED },
  { what: 'iss of another realm', tamper: query((q) => q.set('iss', `${q.get('iss')}2`)), ...UNTRUSTED },
  { what: 'iss with a slash behind it', tamper: query((q) => q.set('iss', `${q.get('iss')}/`)), ...UNTRUSTED },
  {
    what: 'an ID token in the address',
    tamper: query((q) => q.set('id_token', 'eyJhbGciOiJub25lIn0.e30.')),
    ...REJECTED,
  },
  { what: 'an access token in the address', tamper: query((q) => q.set('access_token', 'canary')), ...REJECTED },
]

const refusals: Failure[] = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_response_type',
  'server_error',
  'temporarily_unavailable',
  'authentication_expired',
  '<script>alert(1)</script>',
  'x'.repeat(300),
].map((error) => ({
  what: `error=${error.slice(0, 40)}`,
  tamper: query((q) => {
    q.delete('code')
    q.set('error', error)
    q.set('error_description', '<img src=x onerror=alert(1)> canary-description')
  }),
  ...REJECTED,
}))

/** What the provider says when it does not sign somebody in. */
export const providerErrors: Failure[] = [
  ...refusals,
  {
    what: 'error=access_denied',
    tamper: query((q) => {
      q.delete('code')
      q.set('error', 'access_denied')
    }),
    ...DENIED,
  },
  {
    what: 'an error beside a code',
    tamper: query((q) => q.set('error', 'access_denied')),
    ...DENIED,
  },
  {
    what: 'an error of another issuer',
    tamper: query((q) => {
      q.set('error', 'access_denied')
      q.set('iss', 'https://evil.example')
    }),
    ...UNTRUSTED,
  },
]
