import { claims, header, payload, type RefusedToken } from './refused-tokens.ts'

const now = () => Math.floor(Date.now() / 1000)

/** RFC 8725 section 3.11: another kind of token, rightly signed. */
export const kinds: RefusedToken[] = [
  ...['logout+jwt', 'dpop+jwt', 'secevent+jwt', 'JWS', 'at+jwtx', '', 5, ['at+jwt'], null].map((typ) => ({
    what: `header typ ${JSON.stringify(typ)}`,
    token: header({ typ }),
  })),
  ...['ID', 'Refresh', 'Offline', 'Logout', 'DPoP', 'bearer', '', 5, null, ['Bearer']].map((typ) => ({
    what: `claim typ ${JSON.stringify(typ)}`,
    token: claims({ typ }),
  })),
  {
    what: 'an ID token without claim typ',
    token: claims({ typ: undefined, nonce: 'n', at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  },
  {
    what: 'a logout token without claim typ',
    token: claims({ typ: undefined, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
  },
  { what: 'cnf.jkt', token: claims({ cnf: { jkt: 'x' } }) },
  { what: 'cnf.x5t#S256', token: claims({ cnf: { 'x5t#S256': 'x' } }) },
]

/** Claims that are missing, of the wrong kind, or for someone else. */
export const claimTable: RefusedToken[] = [
  ...[undefined, 'https://evil.example', '', 5, null, ['x']].map((iss) => ({
    what: `iss ${JSON.stringify(iss) ?? 'missing'}`,
    token: claims({ iss }),
  })),
  { what: 'iss with a slash behind it', token: (_, { make, issuer }) => make({ claims: { iss: `${issuer}/` } }) },
  { what: 'iss of another realm', token: (_, { make, issuer }) => make({ claims: { iss: `${issuer}2` } }) },
  { what: 'iss in capitals', token: (_, { make, issuer }) => make({ claims: { iss: issuer.toUpperCase() } }) },
  { what: 'iss in a list', token: (_, { make, issuer }) => make({ claims: { iss: [issuer] } }) },
  ...[
    undefined,
    'account',
    'another-api',
    'Orders-API',
    'orders-api ',
    '',
    5,
    null,
    {},
    [],
    ['account'],
    [['orders-api']],
    { 0: 'orders-api' },
  ].map((aud) => ({
    what: `aud ${JSON.stringify(aud) ?? 'missing'}`,
    token: claims({ aud }),
  })),
  ...[undefined, '', 5, null, {}, ['x']].map((sub) => ({
    what: `sub ${JSON.stringify(sub) ?? 'missing'}`,
    token: claims({ sub }),
  })),
  ...[undefined, null, '9999999999', true, {}, []].map((exp) => ({
    what: `exp ${JSON.stringify(exp) ?? 'missing'}`,
    token: claims({ exp }),
  })),
  { what: 'exp 1e400', token: payload('exp', '1e400') },
  ...[undefined, null, '1', true, {}].map((iat) => ({
    what: `iat ${JSON.stringify(iat) ?? 'missing'}`,
    token: claims({ iat }),
  })),
  { what: 'iat 1e400', token: payload('iat', '1e400') },
  { what: 'iat -1e400', token: payload('iat', '-1e400') },
  { what: 'iat tomorrow', token: claims({ iat: now() + 86_400 }) },
  { what: 'nbf tomorrow', token: claims({ nbf: now() + 86_400 }) },
  { what: 'nbf 1e400', token: payload('nbf', '1e400') },
  { what: 'nbf as text', token: claims({ nbf: '1' }) },
]
