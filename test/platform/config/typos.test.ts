import { expect } from 'chai'
import { laterSettings } from '../../../src/platform/config/settings.ts'
import { least, problemsOf } from './config-of.ts'

describe('Variables that look like settings', () => {
  const typos: [wrong: string, meant: string][] = [
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
    ['TRUSTED_PROXIE', 'TRUSTED_PROXIES'],
    ['SESION_SECRET_KEY', 'SESSION_SECRET_KEY'],
    ['SESSION_ENCRYPTION_KEY', 'SESSION_ENCRYPTION_KEYS'],
    ['JWT_AUDIENCES', 'JWT_AUDIENCE'],
    ['JWKS_CACHE_MAX_SIZE', 'JWKS_CACHE_MAXSIZE'],
    ['RATE_LIMIT_LOGINS', 'RATE_LIMIT_LOGIN'],
    ['OIDC_ISSUER_URL', 'OIDC_ISSUER'],
    ['GATEWAY_CONFG', 'GATEWAY_CONFIG'],
  ]
  for (const [wrong, meant] of typos) {
    it(`${wrong} is named, and ${meant} offered`, () => {
      const problems = problemsOf({ ...least, [wrong]: 'x' })
      expect(problems).to.deep.equal([
        { where: wrong, what: `is not a setting. Did you mean ${meant}? Correct the name or remove it.` },
      ])
    })
  }

  it('are refused with our own prefix even when they resemble nothing', () => {
    expect(problemsOf({ ...least, CLOAKROOM_FANCY_MODE: 'on' })[0]?.where).to.equal('CLOAKROOM_FANCY_MODE')
  })

  it('are left alone when they belong to others', () => {
    const others = {
      PATH: '/bin',
      HOME: '/root',
      HOSTNAME: 'box',
      NODE_ENV: 'production',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      DATABASE_URL: 'postgres://db/x',
      KEYCLOAK_ADMIN: 'admin',
      KEYCLOAK_ADMIN_PASSWORD: 'admin',
      KC_HOSTNAME: 'id.test',
      CLOAKROOM_CLIENT_SECRET: 'for the realm file',
      CLOAKROOM_TEST_TOTALS: '/tmp/x',
      npm_config_port: '1',
      SESSION_MANAGER: 'local/unix',
      XDG_SESSION_ID: '4',
    }
    expect(problemsOf({ ...least, ...others })).to.deep.equal([])
  })
})

describe('Settings of later versions', () => {
  for (const [name, allowed] of Object.entries(laterSettings)) {
    it(`${name} is not ignored in silence`, () => {
      const [problem, ...more] = problemsOf({ ...least, [name]: 'on' })
      expect(more).to.deep.equal([])
      expect(problem?.where).to.equal(name)
      expect(problem?.what).to.match(/^is not available in this version yet\. .*[Rr]emove it\.$/)
      for (const value of allowed) expect(problemsOf({ ...least, [name]: value })).to.deep.equal([])
    })
  }
})
