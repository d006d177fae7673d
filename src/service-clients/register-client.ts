import { randomBytes } from 'node:crypto'
import type { Identity } from '../identity/identity.ts'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakServiceClients } from '../platform/keycloak/clients/keycloak-service-clients.ts'
import type { Log } from '../platform/observability/log.ts'
import type { Registration } from './client-input.ts'
import { BASE_SCOPES } from './client-view.ts'
import { completeOrUndo } from './complete-or-undo.ts'
import type { Grant, Grants } from './grants.ts'

export interface RegisterClientParts {
  keycloak: KeycloakServiceClients
  grants: Pick<Grants, 'toGive'>
  prefix: string
  clock: Clock
  log: Log
}

/** Answers the id of the new client and its secret, null for one that proves itself with a key. @throws GatewayError */
export type RegisterClient = (input: Registration, by: Identity) => Promise<{ id: string; secret: string | null }>

/** Longer than any registration takes: a pending client of this age was left behind by one that could not even be undone. */
const ABANDONED_MS = 120_000

/**
 * Registers in several calls, complete or not at all: the client is made disabled and pending, gets its roles, and is enabled
 * by the last call. Whatever fails before takes it away again; what cannot be taken away is disabled, shown to nobody, and
 * swept away when somebody registers the same id.
 */
export function createRegisterClient(parts: RegisterClientParts): RegisterClient {
  const { keycloak, prefix, clock, log } = parts
  async function create(input: Registration, clientId: string, grants: Grant[], pending: string): Promise<string> {
    const { name, description, lifetimeSeconds, jwks, jwksUrl } = input
    const keys = jwks !== undefined ? { jwks: JSON.stringify(jwks) } : jwksUrl !== undefined ? { jwksUrl } : undefined
    const scopes = [...BASE_SCOPES, ...grants.map((grant) => grant.name)]
    const make = () => keycloak.create({ clientId, name, description, lifetimeSeconds, scopes, keys, pending })
    const id = (await make()) ?? ((await sweep(clientId)) ? await make() : undefined)
    if (id === undefined) throw new GatewayError('CLIENT_EXISTS', { details: { clientId } })
    return id
  }

  /** Whether a registration that was left behind stood in the way and is gone now. */
  async function sweep(clientId: string): Promise<boolean> {
    const found = await keycloak.find(clientId)
    const begun = Number(found?.pending?.split('.')[0] ?? Number.NaN)
    if (found === undefined || !(begun < clock.now() - ABANDONED_MS)) return false
    await keycloak.remove(found.id)
    return true
  }

  return async function registerClient(input, by) {
    const grants = await parts.grants.toGive(input.scopes, by)
    const clientId = input.clientId ?? prefix + randomBytes(8).toString('hex')
    const pending = `${clock.now()}.${randomBytes(12).toString('hex')}`
    const roles = grants.flatMap((grant) => grant.roles)
    let id = ''
    let secret: string | null = null
    const done = async () => undefined
    const steps = [
      {
        name: 'create',
        async run() {
          id = await create(input, clientId, grants, pending)
        },
        async undo() {
          // The answer may have been lost: it is found by the mark that nobody else knows.
          if (id !== '') return keycloak.remove(id)
          const found = await keycloak.find(clientId)
          if (found?.pending === pending) await keycloak.remove(found.id)
        },
      },
      // Taking the client away takes all of these with it.
      { name: 'roles', run: async () => keycloak.giveRoles(await keycloak.accountOf(id), roles), undo: done },
      {
        name: 'secret',
        async run() {
          if (input.authentication === 'client_secret') secret = await keycloak.secretOf(id)
        },
        undo: done,
      },
      {
        name: 'enable',
        async run() {
          const known = await keycloak.update(id, { enabled: true, pending: null })
          if (known === undefined) throw new GatewayError('CLIENT_NOT_FOUND')
        },
        undo: done,
      },
    ]
    await completeOrUndo(steps, (left, error) =>
      log.error('a registration failed and could not be undone; the client is left behind', { clientId, left, error }),
    )
    return { id, secret }
  }
}
