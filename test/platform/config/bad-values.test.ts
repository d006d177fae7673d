import { expect } from 'chai'
import { settingsShape } from '../../../src/platform/config/settings.ts'
import { least, problemsOf } from './config-of.ts'

const WHOLE = ['abc', '-1', '1.5', '1e3', '0x10', ' 5', '٣', '9999999999999']
const ADDRESS = [
  'localhost',
  'id.test/realms',
  'ftp://id.test',
  'http://',
  'http:id.test',
  'https:/id.test',
  'HTTPS://id.test',
  ' https://id.test',
  'https://id.test ',
  'https://id test',
  'https://user:pw@id.test',
  'https://@id.test',
  'https://id.test?x=1',
  'https://id.test?',
  'https://id.test#x',
  'https://id.test#',
  'https://id.test\\x',
  'https://id.test/../x',
  'https://id.test/a/%2E',
]
const RATE = ['600', '600/0', '0/60', '600/60/1', '-1/60', 'many', 'OFF', '600 / 60']
const ENTRIES = [...WHOLE, '0', '1000001']

/** For every setting: values that are refused, and a word the message must hold so that one knows how to mend it. */
const BAD: Record<string, [mend: RegExp, ...values: string[]]> = {
  ENV: [/must be dev or prod/, 'production', 'DEV', 'test'],
  PORT: [/whole number from 0 to 65535/, ...WHOLE, '65536'],
  MANAGEMENT_PORT: [/whole number from 0 to 65535/, ...WHOLE, '70000'],
  PUBLIC_URL: [/address|http:\/\/|user name|query|blanks|dot segments/, ...ADDRESS],
  ALLOWED_HOSTS: [/host name|empty item/, 'http://a.test', 'a.test/x', 'a,,b', 'a b', 'a.test:port'],
  ALLOWED_ORIGINS: [
    /origin|empty item/,
    'spa.test',
    'https://spa.test/',
    'https://SPA.test',
    '*',
    'null',
    'https://a.test,',
  ],
  TRUSTED_PROXIES: [
    /IP address|empty item/,
    '10.0.0.0/33',
    '10.0.0',
    'proxy.test',
    '::1/129',
    '10.0.0.0/8/8',
    ',',
    '10.0.0.0/-1',
  ],
  MANAGEMENT_PREFIX: [/path such as \/api\/v1/, 'api', '/', '/api/', '//api', '/a b', '/api?x', '/../x'],
  MAX_BODY: [/whole number .*bytes/, ...WHOLE, '10737418241'],
  SHUTDOWN_TIMEOUT: [/whole number from 1 to 600/, ...WHOLE, '0', '601'],
  GATEWAY_CONFIG: [/cannot be read.*Correct the path/, 'nowhere.yaml', '/tmp/nowhere/gateway.yaml'],
  LOG_LEVEL: [/error, warn, info or debug/, 'INFO', 'trace', 'verbose'],
  KEYCLOAK_SERVER_URL: [/address|http:\/\/|user name|query|blanks|dot segments/, ...ADDRESS],
  KEYCLOAK_REALM: [/realm name/, 'my realm', 'demo/x', 'demo?x', '../x', 'dëmo'],
  KEYCLOAK_INTERNAL_URL: [/address|http:\/\/|user name|query|blanks|dot segments/, ...ADDRESS],
  KEYCLOAK_ADMIN_CLIENT_ID: [/go together; set both or neither/, 'cloakroom-admin'],
  OIDC_ISSUER: [/issuer such as/, ...ADDRESS],
  OIDC_SCOPES: [/openid|single blanks/, 'profile', 'openid  email', ' openid', 'openid,email', 'openid "x"', 'OpenID'],
  OIDC_CLIENT_AUTH: [/client_secret_basic/, 'none', 'basic', 'private-key-jwt'],
  OIDC_CLIENT_KEY_FILE: [/cannot be read\. Correct the path/, '/nowhere/key.pem'],
  OIDC_ID_TOKEN_ALG: [/asymmetric/, 'HS256', 'none', 'rs256', 'RS256,ES256'],
  OIDC_USERINFO: [/off or login/, 'on', 'always'],
  OIDC_PAR: [/auto, required or off/, 'on', 'yes'],
  OIDC_POST_LOGOUT_PATH: [/path of the gateway/, 'goodbye', 'https://evil.test', '//evil.test', '/\\evil', '/a?b'],
  JWT_AUDIENCE: [/empty item/, ',', 'a,', 'a,,b'],
  JWT_ALGORITHMS: [/asymmetric|empty item/, 'HS256', 'none', 'RS256,HS256', 'rs256', 'RS256,'],
  JWT_LEEWAY: [/whole number from 0 to 300/, ...WHOLE, '301'],
  SESSION_SECRET_KEY: [/empty item/, ',', 'a-first-key-that-is-long,'],
  SESSION_ENCRYPTION_KEYS: [
    /openssl rand -base64 32/,
    'abc',
    'A'.repeat(44),
    `${'A'.repeat(43)}=,short`,
    `${'é'.repeat(43)}=`,
  ],
  SESSION_IDLE_TIMEOUT: [/whole number|SESSION_ABSOLUTE_TIMEOUT/, ...WHOLE, '0', '28801'],
  SESSION_ABSOLUTE_TIMEOUT: [/whole number/, ...WHOLE, '0', '31536001'],
  SESSION_COOKIE_SAMESITE: [/strict or lax/, 'none', 'Strict'],
  REDIS_URL: [/redis:\/\//, 'localhost:6379', 'http://redis:6379', 'redis://', 'redis:6379', 'rediss://host:notaport'],
  JWKS_CACHE_TTL: [/seconds/, ...WHOLE],
  JWKS_CACHE_MAXSIZE: [/entries/, ...ENTRIES],
  JWKS_MAX_STALE: [/seconds/, ...WHOLE],
  ADMIN_TOKEN_CACHE_TTL: [/seconds/, ...WHOLE],
  ADMIN_TOKEN_CACHE_MAXSIZE: [/entries/, ...ENTRIES],
  USER_INFO_CACHE_TTL: [/seconds/, ...WHOLE],
  USER_INFO_CACHE_MAXSIZE: [/entries/, ...ENTRIES],
  GROUP_CACHE_TTL: [/seconds/, ...WHOLE],
  GROUP_CACHE_MAXSIZE: [/entries/, ...ENTRIES],
  IDENTITY_CACHE_TTL: [/from 0 to 60/, ...WHOLE, '61'],
  IDENTITY_CACHE_MAXSIZE: [/entries/, ...ENTRIES],
  VERIFIED_TOKENS_CACHE_MAXSIZE: [/entries/, ...ENTRIES],
  RATE_LIMIT_DEFAULT: [/count\/seconds/, ...RATE],
  RATE_LIMIT_LOGIN: [/count\/seconds/, ...RATE],
  RATE_LIMIT_BACKCHANNEL: [/count\/seconds/, ...RATE],
  RATE_LIMIT_MANAGEMENT: [/count\/seconds/, ...RATE],
  RATE_LIMIT_AUTH_FAILURES: [/count\/seconds/, ...RATE],
}

/** Any text that is not empty will do for these. */
const ANY_TEXT = [
  'HOST',
  'MANAGEMENT_HOST',
  'KEYCLOAK_CLIENT_ID',
  'KEYCLOAK_CLIENT_SECRET',
  'KEYCLOAK_ADMIN_CLIENT_SECRET',
]

describe('Bad values of settings', () => {
  it('are tried for every setting there is', () => {
    expect([...Object.keys(BAD), ...ANY_TEXT].sort()).to.deep.equal(Object.keys(settingsShape).sort())
  })

  for (const [name, [mend, ...values]] of Object.entries(BAD)) {
    it(`${name} is refused by name, with what to do: ${values.map((value) => JSON.stringify(value)).join(' ')}`, () => {
      for (const value of values) {
        const problems = problemsOf({ ...least, [name]: value })
        const own = problems.filter(({ where }) => where === name)
        expect(own, `${name}=${value} gave ${JSON.stringify(problems)}`).to.have.length(1)
        expect(own[0]?.what, `${name}=${value}`).to.match(mend)
        expect(own[0]?.what, 'a whole sentence').to.match(/\.$|openssl rand -base64 (32|48)\.?$/)
      }
    })
  }

  it('never repeat a secret in the message', () => {
    const secret = 'canary-secret-value'
    const env = { ...least, SESSION_ENCRYPTION_KEYS: secret, REDIS_URL: `redis-cluster://user:${secret}@redis` }
    expect(JSON.stringify(problemsOf({ ...env, SESSION_SECRET_KEY: `${secret},` }))).not.to.contain(secret)
  })
})
