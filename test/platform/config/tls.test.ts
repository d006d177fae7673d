import { expect } from 'chai'
import { stringify } from 'yaml'
import { ConfigError } from '../../../src/platform/config/config-error.ts'
import { loadConfig } from '../../../src/platform/config/load-config.ts'
import { createAuthority, locked, selfSigned } from '../../support/certificates.ts'

const DAY = 86_400
const authority = createAuthority()
const good = authority.issue()
const expired = authority.issue({ from: -2 * DAY, until: -DAY })
const future = authority.issue({ from: DAY, until: 2 * DAY })
const other = authority.issue()
const FILES: Record<string, string> = {
  'good.crt': good.cert,
  'good.key': good.key,
  'chain.crt': good.cert + authority.cert,
  'stale-chain.crt': good.cert + expired.cert,
  'expired.crt': expired.cert,
  'expired.key': expired.key,
  'future.crt': future.cert,
  'future.key': future.key,
  'other.key': other.key,
  'locked.key': locked(good.key, 'open sesame'),
  'garbage.pem': 'garbage',
  'broken.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  'ca.pem': authority.cert,
  'bundle.pem': selfSigned({ from: -2 * DAY, until: -DAY }).cert + authority.cert,
  'expired-ca.pem': selfSigned({ from: -2 * DAY, until: -DAY }).cert,
}
const ENV = {
  ENV: 'dev',
  KEYCLOAK_SERVER_URL: 'http://127.0.0.1:9',
  KEYCLOAK_REALM: 'demo',
  KEYCLOAK_CLIENT_ID: 'cloakroom',
  KEYCLOAK_CLIENT_SECRET: 'secret-of-the-tests',
  GATEWAY_CONFIG: 'gateway.yaml',
}

function load(env: Record<string, string>, routes: object[] = []) {
  return loadConfig({ ...ENV, ...env }, (path) => {
    if (path === 'gateway.yaml') return stringify({ routes })
    if (path === 'secret.key') throw Object.assign(new Error('no'), { code: 'EACCES' })
    const text = FILES[path]
    if (text === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' })
    return text
  })
}

function problemsOf(env: Record<string, string>, routes: object[] = []): string[] {
  try {
    load(env, routes)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.to.match(/-----BEGIN|AAAA|garbage\b(?!\.pem)|open sesame/)
    return error.problems.map(({ where, what }) => `${where} ${what}`)
  }
}

const own = (cert: string, key: string) => problemsOf({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key })
const route = (more: object) => ({ id: 'a', path: '/a', upstream: 'https://a.example', auth: 'none', ...more })

describe('The settings of TLS', () => {
  it('turn the own port to https, and with it what it is called where nobody says', () => {
    const { server } = load({
      TLS_CERT_FILE: 'chain.crt',
      TLS_KEY_FILE: 'good.key',
      PORT: '3001',
      TLS_MIN_VERSION: 'TLSv1.3',
    })
    expect(server.tls).to.deep.equal({ cert: 'chain.crt', key: 'good.key', minVersion: 'TLSv1.3' })
    expect(server.publicUrl).to.equal('https://localhost:3001')
    expect(load({}).server.tls).to.equal(undefined)
  })

  for (const [what, cert, key, problem] of [
    ['a missing file', 'nowhere.crt', 'good.key', /^TLS_CERT_FILE names nowhere\.crt, which cannot be read \(ENOENT\)/],
    [
      'a file without rights',
      'good.crt',
      'secret.key',
      /^TLS_KEY_FILE names secret\.key, which cannot be read \(EACCES\)/,
    ],
    ['no certificate', 'garbage.pem', 'good.key', /^TLS_CERT_FILE .* holds no certificate in PEM format/],
    ['a broken certificate', 'broken.crt', 'good.key', /^TLS_CERT_FILE .* cannot be read \(number 1\)/],
    [
      'an expired certificate',
      'expired.crt',
      'expired.key',
      /^TLS_CERT_FILE .* has expired: .* until \d{4}-\d\d-\d\d; renew it/,
    ],
    ['an expired link of the chain', 'stale-chain.crt', 'good.key', /has expired: an intermediate certificate/],
    ['a certificate of tomorrow', 'future.crt', 'future.key', /is not valid yet: .* check the clock/],
    ['no key', 'good.crt', 'garbage.pem', /^TLS_KEY_FILE .* holds no private key in PEM format/],
    ['a certificate for a key', 'good.crt', 'good.crt', /^TLS_KEY_FILE .* holds no private key/],
    ['a locked key', 'good.crt', 'locked.key', /^TLS_KEY_FILE .* behind a passphrase/],
    ["another certificate's key", 'good.crt', 'other.key', /^TLS_KEY_FILE .* does not fit the certificate/],
  ] as const)
    it(`refuse ${what} and say how to mend it`, () => {
      const problems = own(cert, key)
      expect(problems).to.have.length(1)
      expect(problems[0]).to.match(problem)
    })

  it('refuse one half of a pair, a plain public address, and an unknown version', () => {
    expect(problemsOf({ TLS_CERT_FILE: 'good.crt' })[0]).to.match(/^TLS_KEY_FILE is missing; .* go together/)
    expect(problemsOf({ TLS_KEY_FILE: 'good.key' })[0]).to.match(/^TLS_CERT_FILE is missing/)
    const plain = { TLS_CERT_FILE: 'good.crt', TLS_KEY_FILE: 'good.key', PUBLIC_URL: 'http://app.example' }
    expect(problemsOf(plain)[0]).to.match(/PUBLIC_URL begins with http/)
    expect(problemsOf({ TLS_MIN_VERSION: 'TLSv1.1' })[0]).to.match(/must be TLSv1\.2 or TLSv1\.3/)
  })

  it('refuse in production that verification is turned off for everything', () => {
    const off = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
    expect(problemsOf({ ENV: 'prod', ...off }).join()).to.match(/NODE_TLS_REJECT_UNAUTHORIZED is 0/)
    expect(problemsOf(off)).to.deep.equal([])
  })
})

describe('The TLS of a route', () => {
  it('is taken as it is written', () => {
    const tls = { ca: 'bundle.pem', cert: 'good.crt', key: 'good.key', serverName: 'inner.example' }
    const [first, second] = load({}, [route({ tls, http2: true }), route({ id: 'b', path: '/b' })]).routes
    expect([first?.tls, first?.http2]).to.deep.equal([tls, true])
    expect([second?.tls, second?.http2]).to.deep.equal([undefined, false])
  })

  it('is refused with everything that is wrong with it at once, each with its place', () => {
    const routes = [
      route({ tls: { ca: 'nowhere.pem', cert: 'expired.crt', key: 'other.key' } }),
      route({ id: 'b', path: '/b', tls: { ca: 'expired-ca.pem' } }),
      route({ id: 'c', path: '/c', tls: { cert: 'good.crt' } }),
      route({ id: 'd', path: '/d', upstream: 'http://d', tls: { ca: 'ca.pem' }, http2: true }),
      route({ id: 'e', path: '/e', tls: { cert: 'good.crt', key: 'other.key' } }),
    ]
    const problems = problemsOf({}, routes)
    for (const expected of [
      /^gateway\.yaml routes\[0\] \(a\)\.tls\.ca names nowhere\.pem, which cannot be read/,
      /^gateway\.yaml routes\[0\] \(a\)\.tls\.cert .* has expired/,
      /^gateway\.yaml routes\[1\] \(b\)\.tls\.ca .* only authorities that have expired/,
      /^gateway\.yaml routes\[2\] \(c\)\.tls has only one of cert and key/,
      /^gateway\.yaml routes\[3\] \(d\)\.tls is set, but the upstream is plain http/,
      /^gateway\.yaml routes\[3\] \(d\)\.http2 is true, but the upstream is plain http/,
      /^gateway\.yaml routes\[4\] \(e\)\.tls\.key .* does not fit the certificate/,
    ])
      expect(
        problems.filter((problem) => expected.test(problem)),
        String(expected),
      ).to.have.length(1)
    expect(problems).to.have.length(7)
  })

  for (const [what, more] of [
    ['a switch that would turn verification off', { tls: { insecure: true } }],
    ['the same by its name in Node', { tls: { rejectUnauthorized: false } }],
    ['an address as server name', { tls: { serverName: 'https://x' } }],
    ['an empty path', { tls: { ca: '' } }],
    ['something else than yes or no', { http2: 'auto' }],
  ] as const)
    it(`does not know ${what}`, () => {
      expect(problemsOf({}, [route(more)])).to.have.length(1)
    })
})
