import fc from 'fast-check'

/** One attempt to sign in, and what somebody did to it on its way. */
export interface SignIn {
  returnTo: string
  /** As it stands in the query, not encoded. */
  raw: boolean
  query: string
  fields: Record<string, string>
  tamper: 'nothing' | 'state' | 'code' | 'no cookie' | 'twice' | 'error' | 'iss' | 'again'
  payload: string
}

const PIECES = [
  ...[
    '/',
    '/',
    '//',
    '\\',
    '/\\',
    'evil.example',
    '@',
    ':',
    '%2f',
    '%5c',
    '%09',
    '\t',
    '\n',
    '\r\n',
    '.',
    '..',
    ' ',
    '\x01',
  ],
  ...[
    'https:',
    'HTTPS:',
    'javascript:',
    'data:text/html,',
    'blob:',
    '?',
    '#',
    ';',
    'localhost',
    '{host}',
    '\u3002',
    '\uff0f',
  ],
  ...[
    'api/orders',
    'login',
    'logout',
    'callback',
    'log%69n',
    '"><script>',
    "'",
    '\u2028',
    '\u0000',
    '..;',
    '%00',
    '%0d%0a',
  ],
]
const PAYLOADS = [
  'access_denied',
  '<script>alert(1)</script>',
  '\u202e',
  'x'.repeat(3_000),
  'login_required',
  '%0d%0aX: y',
]

export const signIns: fc.Arbitrary<SignIn> = fc.record({
  returnTo: fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((parts) => parts.join('')) },
    fc.constantFrom('/api/orders?page=2', '/x#y', '/'),
    fc.webUrl(),
  ),
  raw: fc.boolean(),
  query: fc.constantFrom(
    '',
    '',
    '&returnTo=//evil.example',
    '&redirect_uri=https://evil.example',
    '&prompt=login',
    '&returnTo[]=x',
    '&scope=admin',
  ),
  fields: fc.constantFrom<Record<string, string>>(
    ...[
      {},
      {},
      {},
      { 'X-Forwarded-Host': 'evil.example' },
      { 'X-Forwarded-Proto': 'https' },
      { 'Sec-Fetch-Dest': 'image' },
    ],
    ...[
      { 'Sec-Fetch-Mode': 'cors' },
      { Origin: 'https://evil.example' },
      { Cookie: 'cloakroom={session}' },
      { Accept: '*/*' },
    ],
  ),
  tamper: fc.constantFrom(
    'nothing',
    'nothing',
    'nothing',
    'state',
    'code',
    'no cookie',
    'twice',
    'error',
    'iss',
    'again',
  ),
  payload: fc.constantFrom(...PAYLOADS),
})
