import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toolToken } from '../journeys/world/clients-desk.ts'
import { SERVICE_SECRET, type World } from '../journeys/world/world.ts'

/** Somebody who calls everything that the document has, as long as it is theirs to call. */
export interface Caller {
  readonly name: string
  /** Of the whole time. */
  readonly share: number
  /** Which operations: arguments of Schemathesis. */
  readonly operations: readonly string[]
  /** The value of `Authorization`, or nothing. */
  credentials(world: World): Promise<string>
}

const PASSWORD = 'a-password-of-the-fuzzing'

/** A new one each time: the last one may have given its account up. */
async function newPerson(world: World): Promise<string> {
  const username = `fuzz-${randomUUID()}`
  await world.admin.createUser(world.realm, { username, password: PASSWORD, roles: ['customer'] })
  return `Bearer ${await toolToken(world, { username, password: PASSWORD })}`
}

/** Service accounts are out of reach for administration, so this one cannot lock itself out. */
async function administrator(world: World): Promise<string> {
  const call = async <T>(path: string) => (await (await world.admin.call('GET', `/${world.realm}${path}`)).json()) as T
  const [client] = await call<{ id: string }[]>('/clients?clientId=orders-service')
  const account = await call<{ id: string }>(`/clients/${client?.id}/service-account-user`)
  const role = await call<object>('/roles/admin')
  await world.admin.call('POST', `/${world.realm}/users/${account.id}/role-mappings/realm`, [role])
  return `Bearer ${await world.serviceToken()}`
}

export const CALLERS: readonly Caller[] = [
  { name: 'anonymous', share: 0.2, operations: [], credentials: async () => '' },
  {
    name: 'service client',
    share: 0.15,
    operations: ['--include-path-regex', '/auth/'],
    credentials: async () => `Basic ${btoa(`orders-service:${SERVICE_SECRET}`)}`,
  },
  {
    name: 'person',
    share: 0.25,
    operations: ['--include-tag', 'Own account', '--include-tag', 'Signing in'],
    credentials: newPerson,
  },
  {
    name: 'administrator',
    share: 0.4,
    operations: ['--exclude-tag', 'Own account', '--exclude-tag', 'Signing in', '--exclude-path-regex', '/auth/'],
    credentials: administrator,
  },
]

/** Where Schemathesis asks for credentials. */
export async function lendCredentials(credentials: () => Promise<string>) {
  const server = createServer((_req, res) => {
    credentials().then(
      (value) => res.end(value),
      () => res.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
