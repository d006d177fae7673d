import { expect } from 'chai'
import { loadConfig } from '../../../src/platform/config/load-config.ts'

const LEAST = {
  KEYCLOAK_SERVER_URL: 'http://127.0.0.1:8080',
  KEYCLOAK_REALM: 'demo',
  KEYCLOAK_CLIENT_ID: 'cloakroom',
  KEYCLOAK_CLIENT_SECRET: 'q8ZfWv2n',
  GATEWAY_CONFIG: 'gateway.yaml',
}
const ADMIN = { KEYCLOAK_ADMIN_CLIENT_ID: 'cloakroom-admin', KEYCLOAK_ADMIN_CLIENT_SECRET: 'q8ZfWv2n' }
const CLIENTS = { KEYCLOAK_CLIENTS_CLIENT_ID: 'cloakroom-clients', KEYCLOAK_CLIENTS_CLIENT_SECRET: 'q8ZfWv2n' }
const REALM = { KEYCLOAK_REALM_CLIENT_ID: 'cloakroom-realm', KEYCLOAK_REALM_CLIENT_SECRET: 'q8ZfWv2n' }
const load = (env: Record<string, string>) => loadConfig({ ...LEAST, ...env }, () => 'routes: []')

describe('Settings of the account that writes the realm', () => {
  it('name none unless it is said', () => {
    expect(load(ADMIN).realmAccount).to.equal(undefined)
  })

  it('take the address and realm of the administration', () => {
    const account = { baseUrl: 'http://127.0.0.1:8080', realm: 'demo', clientId: 'cloakroom-realm' }
    expect(load({ ...ADMIN, ...REALM }).realmAccount).to.include(account)
  })

  it('are refused where one account would do two tasks, or the gateway would take itself for a service client', () => {
    const id = 'KEYCLOAK_REALM_CLIENT_ID'
    const rows: [env: Record<string, string>, message: RegExp][] = [
      [REALM, /KEYCLOAK_REALM_CLIENT_ID.*needs KEYCLOAK_ADMIN_CLIENT_ID/s],
      [{ ...ADMIN, [id]: 'cloakroom-realm' }, /go together/],
      [{ ...ADMIN, ...REALM, [id]: 'cloakroom-admin' }, /another task already/],
      [{ ...ADMIN, ...REALM, [id]: 'cloakroom' }, /another task already/],
      [{ ...ADMIN, ...CLIENTS, ...REALM, [id]: 'cloakroom-clients' }, /another task already/],
      [{ ...ADMIN, ...REALM, [id]: 'svc-realm' }, /SERVICE_CLIENT_PREFIX.*Choose another prefix/s],
    ]
    for (const [env, message] of rows) expect(() => load(env), String(message)).to.throw(message)
  })
})
