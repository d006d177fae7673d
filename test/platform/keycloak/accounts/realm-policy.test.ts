import { expect } from 'chai'
import { createReadRealmPolicy } from '../../../../src/platform/keycloak/accounts/realm-policy.ts'
import { createAdminHttp } from '../../../../src/platform/keycloak/admin-api/admin-http.ts'

function reader(answer: () => Response) {
  const http = createAdminHttp({
    baseUrl: 'http://kc.test',
    realm: 'demo',
    token: { get: async () => 'token', forget: () => undefined },
    needs: 'view-realm',
    fetch: async () => answer(),
  })
  return createReadRealmPolicy(http)
}

const FULL = {
  ...{ realm: 'demo', enabled: true, sslRequired: 'external', accessTokenLifespan: 300, ssoSessionIdleTimeout: 1800 },
  ...{ passwordPolicy: 'length(10)', bruteForceProtected: true, failureFactor: 5, eventsEnabled: true },
  ...{ eventsExpiration: 600, registrationAllowed: true },
  smtpServer: { host: 'canary-host', user: 'canary', password: 'canary-password' },
  identityProviders: [{ config: { clientSecret: 'canary' } }],
  attributes: { canary: 'canary' },
}

describe('What the realm says of signing in', () => {
  it('is what administrators need to know, and none of its secrets', async () => {
    const policy = await reader(() => Response.json(FULL))()
    expect(policy).to.deep.include({
      name: 'demo',
      registrationAllowed: true,
      sendsMail: true,
      passwordPolicy: 'length(10)',
    })
    expect(policy.bruteForce).to.include({ protected: true, failures: 5 })
    expect(policy.lifetimes).to.include({ accessToken: 300, sessionIdle: 1800 })
    expect(policy.events).to.include({ logins: true, keptFor: 600, admin: false })
    expect(JSON.stringify(policy)).not.to.contain('canary')
  })

  for (const [what, answer, code] of [
    [
      'it is seen only in passing',
      () => Response.json({ realm: 'demo', bruteForceProtected: true }),
      'KEYCLOAK_REFUSED',
    ],
    ['the role is missing', () => Response.json({}, { status: 403 }), 'KEYCLOAK_REFUSED'],
    ['Keycloak fails', () => Response.json({}, { status: 500 }), 'KEYCLOAK_UNAVAILABLE'],
    ['a login page answers', () => new Response('<html>'), 'KEYCLOAK_UNAVAILABLE'],
    ['it is of another kind', () => Response.json({ ...FULL, enabled: 'yes' }), 'KEYCLOAK_UNAVAILABLE'],
  ] as const)
    it(`is not known when ${what}`, async () => {
      expect(await reader(answer)().catch((thrown: unknown) => thrown)).to.include({ code })
    })
})
