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
const load = (env: Record<string, string>) => loadConfig({ ...LEAST, ...env }, () => 'routes: []')

describe('Settings of service clients', () => {
  it('are off unless their account is named', () => {
    expect(load(ADMIN).serviceClients).to.deep.equal({ account: undefined, prefix: 'svc-', scopes: [], keyHosts: [] })
  })

  it('take the address and realm of the administration', () => {
    const { serviceClients } = load({ ...ADMIN, ...CLIENTS, SERVICE_CLIENT_SCOPES: 'a, b' })
    const account = { baseUrl: 'http://127.0.0.1:8080', realm: 'demo', clientId: 'cloakroom-clients' }
    expect(serviceClients.account).to.include(account)
    expect(serviceClients.scopes).to.deep.equal(['a', 'b'])
  })

  it('are refused where one account would do two tasks, or the gateway would take itself for a service client', () => {
    const rows: [env: Record<string, string>, message: RegExp][] = [
      [CLIENTS, /KEYCLOAK_CLIENTS_CLIENT_ID.*needs KEYCLOAK_ADMIN_CLIENT_ID/s],
      [{ ...ADMIN, ...CLIENTS, KEYCLOAK_CLIENTS_CLIENT_ID: 'cloakroom-admin' }, /another task already/],
      [{ ...ADMIN, ...CLIENTS, KEYCLOAK_CLIENTS_CLIENT_ID: 'cloakroom' }, /another task already/],
      [{ ...ADMIN, ...CLIENTS, SERVICE_CLIENT_PREFIX: 'cloakroom-' }, /SERVICE_CLIENT_PREFIX.*Choose another prefix/s],
    ]
    for (const [env, message] of rows) expect(() => load(env), String(message)).to.throw(message)
  })
})
