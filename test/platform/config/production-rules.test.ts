import { expect } from 'chai'
import { configOf, problemsOf, production } from './config-of.ts'

/** What is changed in a good production environment, and what must be said. `undefined` takes a setting away. */
const REFUSED: [what: string, change: Record<string, string | undefined>, where: string, says: RegExp][] = [
  ['no public address', { PUBLIC_URL: undefined }, 'PUBLIC_URL', /is required in ENV=prod, such as https:/],
  ['a public address over plain http', { PUBLIC_URL: 'http://app.shop.test' }, 'PUBLIC_URL', /must be https/],
  ['Keycloak over plain http', { KEYCLOAK_SERVER_URL: 'http://id.shop.test' }, 'KEYCLOAK_SERVER_URL', /must be https/],
  [
    'another issuer over plain http',
    { KEYCLOAK_SERVER_URL: undefined, KEYCLOAK_REALM: undefined, OIDC_ISSUER: 'http://id.shop.test/' },
    'OIDC_ISSUER',
    /must be https/,
  ],
  ['no Redis', { REDIS_URL: undefined }, 'REDIS_URL', /is required in ENV=prod; sessions in memory/],
  ['a database in memory', { DATABASE_URL: 'sqlite::memory:' }, 'DATABASE_URL', /in memory is for development/],
  ['an audit key of zeros', { AUDIT_HASH_KEYS: `${'A'.repeat(43)}=` }, 'AUDIT_HASH_KEYS', /sample value/],
  ['no cookie key', { SESSION_SECRET_KEY: undefined }, 'SESSION_SECRET_KEY', /is required.*openssl rand -base64 48/],
  ['a short cookie key', { SESSION_SECRET_KEY: 'Xk2p9Qr7' }, 'SESSION_SECRET_KEY', /fewer than 32 characters/],
  [
    'one short key among good ones',
    { SESSION_SECRET_KEY: `${production.SESSION_SECRET_KEY},Xk2p9Qr7` },
    'SESSION_SECRET_KEY',
    /fewer than 32 characters/,
  ],
  [
    'a sample cookie key',
    { SESSION_SECRET_KEY: 'please-change-me-please-change-me-please' },
    'SESSION_SECRET_KEY',
    /sample value/,
  ],
  ['one letter over and over', { SESSION_SECRET_KEY: 'a'.repeat(64) }, 'SESSION_SECRET_KEY', /sample value/],
  ['no encryption key', { SESSION_ENCRYPTION_KEYS: undefined }, 'SESSION_ENCRYPTION_KEYS', /openssl rand -base64 32/],
  [
    'an encryption key of zeros',
    { SESSION_ENCRYPTION_KEYS: `${'A'.repeat(43)}=` },
    'SESSION_ENCRYPTION_KEYS',
    /sample/,
  ],
  [
    "the demo realm's client secret",
    { KEYCLOAK_CLIENT_SECRET: 'demo-gateway-secret-change-me' },
    'KEYCLOAK_CLIENT_SECRET',
    /sample value, which anyone can read/,
  ],
  [
    "the demo realm's admin secret",
    { KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin', KEYCLOAK_ADMIN_CLIENT_SECRET: 'demo-admin-secret-change-me' },
    'KEYCLOAK_ADMIN_CLIENT_SECRET',
    /sample value/,
  ],
  ['a famous password', { KEYCLOAK_CLIENT_SECRET: 'password' }, 'KEYCLOAK_CLIENT_SECRET', /sample value/],
]

const changed = (change: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries({ ...production, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

describe('ENV=prod', () => {
  it('starts with real secrets, https and Redis', () => {
    expect(problemsOf(production)).to.deep.equal([])
    expect(configOf(production).provider.allowHttp).to.equal(false)
  })

  for (const [what, change, where, says] of REFUSED) {
    it(`refuses ${what}`, () => {
      const problems = problemsOf(changed(change))
      expect(problems.map((problem) => problem.where)).to.deep.equal([where])
      expect(problems[0]?.what).to.match(says)
    })
  }

  it('takes an SQLite file for one instance, because it was chosen, and says what that means', () => {
    const env = { ...production, DATABASE_URL: 'sqlite:/var/lib/cloakroom/audit.db' }
    expect(configOf(env).database).to.deep.equal({ kind: 'sqlite', file: '/var/lib/cloakroom/audit.db' })
    expect(configOf(env).warnings.join('\n')).to.contain('several need PostgreSQL')
  })

  it('allows http on loopback only, for a gateway and a provider on one machine', () => {
    expect(problemsOf({ ...production, PUBLIC_URL: 'http://localhost:3000' })).to.deep.equal([])
    expect(problemsOf({ ...production, KEYCLOAK_SERVER_URL: 'http://127.0.0.1:8080' })).to.deep.equal([])
    for (const host of ['localhost.evil.test', '127.0.0.1.evil.test', '10.0.0.1', '0.0.0.0'])
      expect(problemsOf({ ...production, PUBLIC_URL: `http://${host}` }), host).to.have.length(1)
  })

  it('allows plain http to the internal address, where the expected issuer stays public', () => {
    expect(problemsOf({ ...production, KEYCLOAK_INTERNAL_URL: 'http://keycloak:8080' })).to.deep.equal([])
  })

  it('asks for everything at once on a bare machine', () => {
    const wheres = problemsOf({ ENV: 'prod' }).map(({ where }) => where)
    expect(wheres).to.include.members([
      'PUBLIC_URL',
      'REDIS_URL',
      'SESSION_SECRET_KEY',
      'SESSION_ENCRYPTION_KEYS',
      'KEYCLOAK_SERVER_URL',
      'KEYCLOAK_REALM',
      'KEYCLOAK_CLIENT_ID',
      'KEYCLOAK_CLIENT_SECRET',
    ])
  })
})
