import type { Identity } from '../../src/identity/identity.ts'
import type { Audit } from '../../src/platform/audit/audit.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { createLog } from '../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../src/platform/redis/turns.ts'
import { createChangeScopes } from '../../src/service-clients/change-scopes.ts'
import { createClientInput } from '../../src/service-clients/client-input.ts'
import { createGrants } from '../../src/service-clients/grants.ts'
import { createRegisterClient } from '../../src/service-clients/register-client.ts'
import { serviceClientRoutes } from '../../src/service-clients/service-client-routes.ts'
import { createServiceClients } from '../../src/service-clients/service-clients.ts'
import { serveDesk } from '../admin/serve-desk.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { fakeKeycloak, SCOPES } from './fake-keycloak.ts'

const HANDED_OUT = Object.keys(SCOPES).filter((name) => name !== 'plain')
HANDED_OUT.push('admin:users.write')

/** The endpoints over a Keycloak that is a fake; the caller is an administrator with the roles of `roles`. */
export async function openClientsDesk({ off = false, keyHosts = ['keys.test', 'keys.test:8443'] } = {}) {
  const clock = testClock()
  const fake = fakeKeycloak(() => clock.now())
  const { keycloak } = fake
  const logged: string[] = []
  const log = createLog({ level: 'debug', write: (text) => void logged.push(text) })
  const roles = ['realm:admin', 'realm:staff', 'client:orders-api:reader', 'client:orders-api:writer']
  const ended: { account: string; at: number }[] = []
  const audited: string[] = []
  const prefix = 'svc-'
  const grants = createGrants(keycloak, HANDED_OUT, async (by, given) => {
    const keys = given.map(({ name, owner }) => (owner === null ? `realm:${name}` : `client:${owner.clientId}:${name}`))
    if (!keys.every((key) => by.roles.includes(key))) throw new GatewayError('INSUFFICIENT_PERMISSIONS')
  })
  const clients = createServiceClients({
    ...{ keycloak, prefix, grants, clock },
    scopes: HANDED_OUT,
    register: createRegisterClient({ keycloak, grants, prefix, clock, log }),
    changeScopes: createChangeScopes({ keycloak, log }),
    endAccess: async (account, at) => void ended.push({ account, at }),
    inTurn: createLocalTurns().run,
  })
  const audit: Pick<Audit, 'change'> = {
    async change(event, change) {
      audited.push(event.action)
      return change()
    },
  }

  function caller(): Identity {
    const claims = { ...the.caller(), id: 'ada', username: 'ada', roles }
    return { ...claims, method: 'bearer', issuer: 'x', tenant: null, accessToken: 'x' }
  }
  const input = createClientInput({ prefix, keyHosts })
  const served = await serveDesk({
    routers: (jsonBody) => [serviceClientRoutes({ clients: off ? undefined : clients, input, audit, jsonBody })],
    below: '/clients',
    caller,
  })

  return {
    ...{ clock, fake, roles, ended, audited },
    logged: () => logged.join(''),
    /** A body that is text is sent as it stands. */
    async ask(method: string, path: string, body?: unknown, type = 'application/json') {
      const answer = await served.ask(method, path, body, body === undefined ? {} : { 'content-type': type })
      return { ...answer, code: answer.body.error?.code as string }
    },
    close: served.close,
  }
}
