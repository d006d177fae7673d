import { expect } from 'chai'
import { configOf, least, problemsOf } from './config-of.ts'

type Change = Record<string, string | undefined>

const REFUSED: [what: string, change: Change, where: string, says: RegExp][] = [
  ['no Keycloak', { KEYCLOAK_SERVER_URL: undefined }, 'KEYCLOAK_SERVER_URL', /is missing.*or set OIDC_ISSUER/],
  ['no realm', { KEYCLOAK_REALM: undefined }, 'KEYCLOAK_REALM', /is missing.*or set OIDC_ISSUER/],
  ['no client', { KEYCLOAK_CLIENT_ID: undefined }, 'KEYCLOAK_CLIENT_ID', /is missing\. Set it/],
  ['no client secret', { KEYCLOAK_CLIENT_SECRET: undefined }, 'KEYCLOAK_CLIENT_SECRET', /client_secret_basic needs it/],
  ['two kinds of provider', { OIDC_ISSUER: 'https://id.test/' }, 'OIDC_ISSUER', /Keep either/],
  ['a key that is nowhere', { OIDC_CLIENT_AUTH: 'private_key_jwt' }, 'OIDC_CLIENT_KEY_FILE', /needs the private key/],
  [
    'an admin secret without its client',
    { KEYCLOAK_ADMIN_CLIENT_SECRET: 'x1y2z3' },
    'KEYCLOAK_ADMIN_CLIENT_ID',
    /go together/,
  ],
  [
    'sessions that sleep longer than they live',
    { SESSION_IDLE_TIMEOUT: '7200', SESSION_ABSOLUTE_TIMEOUT: '3600' },
    'SESSION_IDLE_TIMEOUT',
    /\(7200\) is longer than SESSION_ABSOLUTE_TIMEOUT \(3600\)\. Make it shorter or equal/,
  ],
  ['one port for two listeners', { PORT: '9464' }, 'MANAGEMENT_PORT', /same port as PORT \(9464\)/],
  ['a port nobody knows, and no public address', { PORT: '0' }, 'PORT', /set PUBLIC_URL/],
]

describe('Settings that do not go together', () => {
  for (const [what, change, where, says] of REFUSED) {
    it(`are refused: ${what}`, () => {
      const env = Object.entries({ ...least, ...change }).filter((entry): entry is [string, string] => !!entry[1])
      const problems = problemsOf(Object.fromEntries(env))
      expect(problems.map((problem) => problem.where)).to.deep.equal([where])
      expect(problems[0]?.what).to.match(says)
    })
  }

  it('are refused: a route for bearer tokens without an audience', () => {
    const routes = ['a', 'b', 'c'].map((id) => ({ id, path: `/${id}`, upstream: 'http://api', auth: ['session'] }))
    const bearer = { ...routes[0], id: 'b2', path: '/b2', auth: ['session', 'bearer'] }
    const problems = problemsOf(least, [...routes, bearer])
    expect(problems.map(({ where }) => where)).to.deep.equal(['JWT_AUDIENCE'])
    expect(problems[0]?.what).to.contain('b2 accept').and.to.contain('Set it to the audience')
    expect(problemsOf({ ...least, JWT_AUDIENCE: 'api' }, [...routes, bearer])).to.deep.equal([])
  })

  it('two free ports are fine where the public address is known', () => {
    const config = configOf({ ...least, PORT: '0', MANAGEMENT_PORT: '0', PUBLIC_URL: 'http://localhost:8000' })
    expect(config.server).to.include({ port: 0, managementPort: 0 })
  })
})
