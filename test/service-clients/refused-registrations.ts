import { generateKeyPairSync } from 'node:crypto'

const jwk = (pair: { publicKey: { export(as: { format: 'jwk' }): object } }) => pair.publicKey.export({ format: 'jwk' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PUBLIC = jwk(rsa)
const SMALL = jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }))
const P256 = jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
const K1 = jwk(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))
const X25519 = jwk(generateKeyPairSync('x25519'))
const byKey = (...keys: unknown[]) => ({ authentication: 'private_key_jwt', jwks: { keys } })
export const byUrl = (jwksUrl: unknown) => ({ authentication: 'private_key_jwt', jwksUrl })

/** Bodies of a registration that are refused, with the fields that are named. */
export const REFUSED_REGISTRATIONS: [what: string, body: unknown, ...fields: string[]][] = [
  ['a list', [], '(body)'],
  ['an unknown member', { redirectUris: ['https://evil.test'] }, 'redirectUris'],
  ['a secret of its own', { secret: 'mine' }, 'secret'],
  [
    'members that could raise it',
    { fullScopeAllowed: true, serviceAccountsEnabled: false },
    'fullScopeAllowed',
    'serviceAccountsEnabled',
  ],
  ['attributes', { attributes: { 'cloakroom.managed': 'true' } }, 'attributes'],
  ['a client id of another name', { clientId: 'cloakroom' }, 'clientId'],
  ['a client id that is a number', { clientId: 7 }, 'clientId'],
  ['a client id in capitals', { clientId: 'svc-Till' }, 'clientId'],
  ['a client id in other letters', { clientId: 'svc-tіll' }, 'clientId'],
  ['a client id with a colon, which Basic cannot carry', { clientId: 'svc-a:b' }, 'clientId'],
  ['a client id with a path in it', { clientId: 'svc-../x' }, 'clientId'],
  ['a client id that is only the prefix', { clientId: 'svc-' }, 'clientId'],
  ['a client id with two hyphens', { clientId: 'svc-a--b' }, 'clientId'],
  ['a client id without end', { clientId: `svc-${'a'.repeat(60)}` }, 'clientId'],
  ['a name that is no text', { name: ['x'] }, 'name'],
  ['an empty name', { name: ' ' }, 'name'],
  ['a name without end', { name: 'x'.repeat(201) }, 'name'],
  ['a name with a line break', { name: 'a\nb' }, 'name'],
  ['a name that is written backwards', { name: 'a\u202egpj.exe' }, 'name'],
  ['a name that is half a character', { name: '\ud800' }, 'name'],
  ['a description without end', { description: 'x'.repeat(256) }, 'description'],
  ['a lifetime as text', { lifetimeSeconds: '60' }, 'lifetimeSeconds'],
  ['a lifetime of nothing', { lifetimeSeconds: 0 }, 'lifetimeSeconds'],
  ['half a second', { lifetimeSeconds: 60.5 }, 'lifetimeSeconds'],
  ['a lifetime without end', { lifetimeSeconds: 86_401 }, 'lifetimeSeconds'],
  ['scopes as text', { scopes: 'read write' }, 'scopes'],
  ['a scope twice', { scopes: ['read', 'read'] }, 'scopes'],
  ['a scope with a blank', { scopes: ['read', 'a b'] }, 'scopes.1'],
  ['scopes without end', { scopes: Array.from({ length: 51 }, (_, at) => `s${at}`) }, 'scopes'],
  ['a scope that is not handed out', { scopes: ['read', 'plain', 'nope'] }, 'scopes.1', 'scopes.2'],
  ["a scope behind Keycloak's own roles", { scopes: ['ruler'] }, 'scopes.0'],
  ['a scope behind a composite role', { scopes: ['read', 'bundle'] }, 'scopes.1'],
  ['an unknown authentication', { authentication: 'none' }, 'authentication'],
  ['a key for a client with a secret', { jwks: { keys: [PUBLIC] } }, 'jwks'],
  ['a client without its key', { authentication: 'private_key_jwt' }, 'jwks'],
  ['keys in two places', { ...byKey(PUBLIC), jwksUrl: 'https://keys.test/jwks' }, 'jwksUrl'],
  ['no key at all', byKey(), 'jwks.keys'],
  ['a private key', byKey(rsa.privateKey.export({ format: 'jwk' })), 'jwks.keys.0'],
  ['a shared secret as key', byKey({ kty: 'oct', k: 'c2VjcmV0' }), 'jwks.keys.0.kty'],
  ['a key that is too short', byKey(SMALL), 'jwks.keys.0'],
  ['a key on a curve that is not used', byKey(K1), 'jwks.keys.0'],
  ['a key that cannot sign', byKey(X25519), 'jwks.keys.0'],
  ['a key to encrypt with', byKey({ ...PUBLIC, use: 'enc' }), 'jwks.keys.0.use'],
  ['a key that is none', byKey({ kty: 'RSA', n: '!!', e: 'AQAB' }), 'jwks.keys.0'],
  ['a key with which everybody could sign', byKey({ ...PUBLIC, e: 'AQ' }), 'jwks.keys.0'],
  ['a key with an exponent that is too small', byKey({ ...PUBLIC, e: 'Aw' }), 'jwks.keys.0'],
  ['a key without an algorithm, by that name', byKey({ ...PUBLIC, alg: 'none' }), 'jwks.keys.0.alg'],
  ['a key for an algorithm of shared secrets', byKey({ ...PUBLIC, alg: 'HS256' }), 'jwks.keys.0.alg'],
  ['a key for the algorithm of another one', byKey({ ...PUBLIC, alg: 'ES256' }), 'jwks.keys.0.alg'],
  ['a curve for the algorithm of another one', byKey({ ...P256, alg: 'ES384' }), 'jwks.keys.0.alg'],
  ['a text instead of keys', { authentication: 'private_key_jwt', jwks: 'keys' }, 'jwks'],
  ['keys of one name', byKey({ ...PUBLIC, kid: 'a' }, { ...PUBLIC, kid: 'a' }), 'jwks.keys'],
  ['eleven keys', byKey(...Array.from({ length: 11 }, (_, at) => ({ ...PUBLIC, kid: `${at}` }))), 'jwks.keys'],
]
