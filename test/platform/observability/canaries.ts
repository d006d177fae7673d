const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Secrets that must never come out of a log; each has a piece that nothing else contains. */
export const CANARY = 'c4n4ry'
export const opaque = `${CANARY}-9f8e7d6c5b4a`
export const jwt = `${part({ alg: 'RS256', kid: CANARY })}.${part({ sub: CANARY, iat: 1 })}.${CANARY}signature`
export const jwe = `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${CANARY}key.${CANARY}iv.${CANARY}text.${CANARY}tag`

/** Pieces of the JWT that give its content away, whichever way it was cut. */
const telling = [CANARY, part({ alg: 'RS256', kid: CANARY }), part({ sub: CANARY, iat: 1 })]

/** What of the secrets is in a text; nothing when it is clean. */
export function leaksIn(text: string): string[] {
  return telling.filter((piece) => text.includes(piece))
}

/** Texts as they turn up in messages, addresses and errors, each with a secret in it. */
export const TEXTS: Record<string, string> = {
  'a JWT': jwt,
  'a JWT glued to a word': `refresh_${jwt}`,
  'a JWT that was cut in its payload': jwt.slice(0, jwt.lastIndexOf('.') - 3),
  'the payload of a JWT alone': jwt.split('.')[1] ?? '',
  'a JWE': `got ${jwe} back`,
  'a callback address': `/callback?code=${opaque}&state=${opaque}&iss=https%3A%2F%2Fid.test&session_state=${opaque}`,
  'an encoded address in an address': `/login?returnTo=%2Fcb%3Fcode%3D${opaque}%26state%3D${opaque}%26x=1`,
  'an address encoded twice': `/login?returnTo=%252Fcb%253Faccess_token%253D${opaque}`,
  'a fragment': `https://app.test/#access_token=${opaque}&token_type=bearer`,
  'an end-session address': `https://id.test/logout?id_token_hint=${opaque}&client_id=x`,
  'a form': `grant_type=refresh_token&refresh_token=${opaque}&client_secret=${opaque}&client_assertion=${opaque}`,
  'a form with a password': `username=alice&password=${opaque}&code_verifier=${opaque}&nonce=${opaque}`,
  'a token answer': `unexpected answer {"access_token":"${opaque}","refresh_token": "${opaque}","expires_in":60}`,
  'a token answer inside a text': JSON.stringify(`{"id_token":"${opaque}","client_secret":"${opaque}"}`),
  'an inspected object': `{ clientSecret: '${opaque}', code_verifier: "${opaque}", authorization: '${opaque}' }`,
  'an Authorization header': `authorization: Bearer ${opaque}`,
  'another scheme': `sent Basic ${Buffer.from(`${CANARY}:${CANARY}`).toString('base64')}== and DPoP ${opaque}`,
  'a scheme in capitals': `BEARER ${opaque}`,
  'a Cookie header': `Cookie: theme=dark; __Host-cloakroom=s%3A${opaque}.${opaque}; other=${opaque}`,
  'a Set-Cookie header': `set-cookie: cloakroom-login-a1b2c3d4e5f6=${opaque}; Path=/`,
  'a session cookie': `cloakroom=s%3A${opaque}`,
  'a Redis address': `connect to redis://gateway:${opaque}@redis:6379/0 failed`,
  'an address with a password': `GET https://${opaque}@id.test/ failed`,
  'an API key': `sk_service_${opaque} and uk_user_${opaque} and ak_admin_${opaque} and rk_readonly_${opaque}`,
  'a private key': `-----BEGIN PRIVATE KEY-----\n${opaque}\n${opaque}\n-----END PRIVATE KEY-----`,
  'half a private key': `-----BEGIN EC PRIVATE KEY-----\n${opaque}`,
}

/** Names of members that hold secrets, whatever the value looks like. */
export const SECRET_MEMBERS = [
  'authorization',
  'Proxy-Authorization',
  'cookie',
  'set-cookie',
  'access_token',
  'refreshToken',
  'idToken',
  'id_token_hint',
  'token',
  'clientSecret',
  'KEYCLOAK_CLIENT_SECRET',
  'SESSION_SECRET_KEY',
  'password',
  'passphrase',
  'credentials',
  'client_assertion',
  'x-api-key',
  'apiKey',
  'privateKey',
  'code',
  'state',
  'nonce',
  'code_verifier',
  'sessionId',
  'session_state',
  'sid',
]
