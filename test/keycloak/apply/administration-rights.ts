import { serviceToken } from './service-token.ts'

const READS = ['users', 'groups', 'clients', 'roles', 'events', '']
const WRITES = [
  ['POST', 'clients', { clientId: 'new-one' }],
  ['POST', 'roles', { name: 'new-one' }],
  ['PUT', '', { displayName: 'Taken over' }],
] as const

/** What Keycloak answers to the administration client in the realm `applied`: when it reads, and when it changes. */
export async function administrationRights(url: string): Promise<{ reads: number[]; writes: number[] }> {
  const token = await serviceToken(url, 'cloakroom-admin', 'demo-admin-secret-change-me')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const status = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${url}/admin/realms/applied/${path}`, { headers, ...init })).status
  return {
    reads: await Promise.all(READS.map((path) => status(path))),
    writes: await Promise.all(
      WRITES.map(([method, path, body]) => status(path, { method, body: JSON.stringify(body) })),
    ),
  }
}
