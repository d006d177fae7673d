import { expect } from 'chai'
import { ConfigError } from '../../../src/platform/config/config-error.ts'
import { configOf, least, problemsOf, production } from './config-of.ts'

describe('The configuration', () => {
  it('needs four settings in development, and has sane values for the rest', () => {
    const config = configOf(least)
    expect(config.env).to.equal('dev')
    expect(config.server).to.include({ host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000' })
    expect(config.server).to.include({ managementPort: 9464, managementPrefix: '/api/v1', maxBody: 10_485_760 })
    expect(config.provider.issuer).to.equal('http://localhost:8080/realms/demo')
    expect(config.session).to.include({ idleTimeout: 1800, absoluteTimeout: 28_800, sameSite: 'strict' })
    expect(config.bearer).to.deep.include({ audience: [], algorithms: ['RS256', 'ES256'], leeway: 30 })
    expect(config.caches.jwks).to.deep.equal({ ttl: 600, maxSize: 2, maxStale: 3600 })
    expect(config.caches.userInfo).to.deep.equal({ ttl: 300, maxSize: 100 })
    expect(config.caches.groups).to.deep.equal({ ttl: 600, maxSize: 50 })
    expect(config.caches.adminToken).to.deep.equal({ ttl: 300, maxSize: 1 })
    expect(config.rateLimits.login).to.deep.equal({ limit: 120, window: 60 })
    expect(config.redis).to.equal(undefined)
    expect(config.admin).to.equal(undefined)
  })

  it('says in warnings what works but is only for development', () => {
    const warnings = configOf(least).warnings.join('\n')
    for (const name of ['REDIS_URL', 'SESSION_SECRET_KEY', 'JWT_AUDIENCE', 'GATEWAY_CONFIG'])
      expect(warnings).to.contain(name)
    expect(configOf({ ...production, JWT_AUDIENCE: 'api' }, [orders]).warnings).to.deep.equal([])
  })

  it('says in warnings what will surprise somebody later', () => {
    const cluster = configOf({ ...least, REDIS_URL: 'redis://redis', SESSION_SECRET_KEY: 'short' }).warnings.join('\n')
    expect(cluster).to.contain('SESSION_ENCRYPTION_KEYS is not set: a random one is used, no other instance')
    expect(cluster).to.contain('SESSION_SECRET_KEY has fewer than 32 characters, which ENV=prod refuses')
    expect(cluster).not.to.contain('short')
  })

  it('says in a warning when nobody asks the provider who has lost access', () => {
    const warningsOf = (env: Record<string, string>) => configOf({ ...production, ...env }).warnings.join('\n')
    expect(warningsOf({})).not.to.contain('keeps access')
    expect(configOf(production).revocation).to.deep.equal({ interval: 30 })
    expect(warningsOf({ REVALIDATION_INTERVAL: 'off' })).to.contain('REVALIDATION_INTERVAL is off: whoever is disabled')
    expect(warningsOf({ KEYCLOAK_ADMIN_CLIENT_ID: '', KEYCLOAK_ADMIN_CLIENT_SECRET: '' })).to.contain(
      'KEYCLOAK_ADMIN_CLIENT_ID is not set, so the events of the realm cannot be followed',
    )
    expect(
      warningsOf({ OIDC_ISSUER: 'https://id.shop.test/', KEYCLOAK_SERVER_URL: '', KEYCLOAK_REALM: '' }),
    ).to.contain('OIDC_ISSUER is set, so there are no events of Keycloak to follow')
  })

  it('makes development secrets anew each time', () => {
    const [first, second] = [configOf(least).session, configOf(least).session]
    expect(first.secrets[0]).to.have.lengthOf.at.least(32)
    expect(first.secrets).not.to.deep.equal(second.secrets)
    expect(first.encryptionKeys[0]).to.have.lengthOf(32)
    expect(first.encryptionKeys).not.to.deep.equal(second.encryptionKeys)
  })

  it('cannot be changed once it is read', () => {
    const config = configOf({ ...least, ALLOWED_ORIGINS: 'https://spa.test', JWT_AUDIENCE: 'a' }, [orders])
    const isFrozen = (value: unknown): boolean =>
      value === null ||
      typeof value !== 'object' ||
      Buffer.isBuffer(value) ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen))
    expect(isFrozen(config)).to.equal(true)
    expect(() => config.server.allowedOrigins.push('https://evil.test')).to.throw(TypeError)
  })

  it('takes an empty variable for one that is not set', () => {
    const empty = { PORT: '', REDIS_URL: '', SESSION_SECRET_KEY: '', OIDC_ISSUER: '', WORKERS: '', ENV: '' }
    expect(configOf({ ...least, ...empty }).server.port).to.equal(3000)
    expect(problemsOf({ ...least, KEYCLOAK_CLIENT_ID: '' })[0]?.where).to.equal('KEYCLOAK_CLIENT_ID')
  })

  it('takes lists with blanks around their items', () => {
    const { server, bearer } = configOf({
      ...least,
      ALLOWED_HOSTS: 'a.test , b.test:8443',
      TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8 ,192.0.2.1',
      JWT_AUDIENCE: ' orders-api ,billing ',
    })
    expect(server.allowedHosts).to.deep.equal(['a.test', 'b.test:8443'])
    expect(server.trustedProxies).to.deep.equal(['10.0.0.0/8', 'fd00::/8', '192.0.2.1'])
    expect(bearer.audience).to.deep.equal(['orders-api', 'billing'])
  })

  it('drops the last slash of addresses, but takes an issuer letter by letter', () => {
    const keycloak = configOf({
      ...least,
      PUBLIC_URL: 'http://localhost:3000/',
      KEYCLOAK_SERVER_URL: 'http://kc/auth/',
    })
    expect(keycloak.server.publicUrl).to.equal('http://localhost:3000')
    expect(keycloak.provider.issuer).to.equal('http://kc/auth/realms/demo')
    const { KEYCLOAK_SERVER_URL: _url, KEYCLOAK_REALM: _realm, ...rest } = least
    const other = configOf({ ...rest, OIDC_ISSUER: 'https://id.test/' })
    expect(other.provider).to.include({ issuer: 'https://id.test/', keycloak: undefined })
    expect(other.admin).to.equal(undefined)
  })

  it('reaches Keycloak at its internal address and still expects the public issuer', () => {
    const admin = { KEYCLOAK_ADMIN_CLIENT_ID: 'admin', KEYCLOAK_ADMIN_CLIENT_SECRET: 'secret-of-admin' }
    const { provider, admin: adminConfig } = configOf({ ...least, ...admin, KEYCLOAK_INTERNAL_URL: 'http://kc:8080' })
    expect(provider.issuer).to.equal('http://localhost:8080/realms/demo')
    expect(provider.rewrite).to.deep.equal({ from: 'http://localhost:8080', to: 'http://kc:8080' })
    expect(adminConfig).to.include({ baseUrl: 'http://kc:8080', realm: 'demo', clientId: 'admin' })
  })

  it('tells every problem at once, each with its place', () => {
    const env = { PORT: 'abc', ENV: 'production', OIDC_SCOPES: 'profile', LOGLEVEL: 'debug', WORKERS: '4' }
    const problems = problemsOf(env, [{ ...orders, upstream: 'orders:9001' }])
    expect(problems.map(({ where }) => where.replace(/.*gateway.yaml /, ''))).to.include.members([
      'PORT',
      'ENV',
      'OIDC_SCOPES',
      'LOGLEVEL',
      'WORKERS',
      'KEYCLOAK_SERVER_URL',
      'KEYCLOAK_REALM',
      'KEYCLOAK_CLIENT_ID',
      'KEYCLOAK_CLIENT_SECRET',
      'routes[0] (orders).upstream',
    ])
    const text = new ConfigError(problems).message
    expect(text).to.match(/^The configuration has \d+ problems:\n {2}- /)
    expect(text.split('\n  - ')).to.have.length(problems.length + 1)
    expect(new ConfigError(problems.slice(0, 1)).message).to.match(/^The configuration has 1 problem:\n/)
  })

  it('refuses a mistake once, not again for what follows from it', () => {
    const { KEYCLOAK_SERVER_URL: _url, KEYCLOAK_REALM: _realm, ...rest } = least
    expect(problemsOf({ ...rest, OIDC_ISSUER: 'id.test' }).map(({ where }) => where)).to.deep.equal(['OIDC_ISSUER'])
    const { KEYCLOAK_CLIENT_SECRET: _secret, ...noSecret } = least
    const misspelt = { ...noSecret, OIDC_CLIENT_AUTH: 'private-key-jwt', OIDC_CLIENT_KEY_FILE: '/run/key.pem' }
    expect(problemsOf(misspelt).map(({ where }) => where)).to.deep.equal(['OIDC_CLIENT_AUTH', 'OIDC_CLIENT_KEY_FILE'])
    expect(problemsOf({ ...least, SESSION_ABSOLUTE_TIMEOUT: 'long', SESSION_IDLE_TIMEOUT: '90000' })).to.have.length(1)
  })

  const orders = { id: 'orders', path: '/api/orders', upstream: 'http://orders:9001', auth: ['session'] }
})
