import type { Realm } from '../realm-schema.ts'
import type { ScopeIds } from './apply-client-scopes.ts'
import type { RoleDirectory, RoleId } from './role-directory.ts'
import type { Target } from './target.ts'

type Mapping = NonNullable<Realm['scopeMappings']>[number]

/**
 * Which roles a scope (or a client without full scope) may carry. For a scope it also decides who gets it: only callers
 * who hold one of its roles. So what a declared mapping has beyond the file is removed.
 */
export async function applyScopeMappings(
  target: Target,
  realm: Realm,
  scopes: ScopeIds,
  directory: RoleDirectory,
): Promise<void> {
  for (const mapping of realm.scopeMappings ?? []) {
    const wanted = await Promise.all(mapping.roles.map((name) => directory.realmRole(name)))
    const calls = await realmCalls(target, mapping, scopes, directory)
    await converge(target, `${labelOf(mapping)}: realm role`, wanted, calls)
  }
  for (const [clientId, mappings] of Object.entries(realm.clientScopeMappings ?? {})) {
    const client = await directory.clientId(clientId)
    for (const mapping of mappings) {
      const wanted = await Promise.all(mapping.roles.map((name) => directory.clientRole(clientId, name)))
      const calls = await clientCalls(target, mapping, client, scopes, directory)
      await converge(target, `${labelOf(mapping)}: role of ${clientId}`, wanted, calls)
    }
  }
}

type Calls = {
  list: () => Promise<{ id?: string; name?: string }[]>
  add: (roles: RoleId[]) => Promise<unknown>
  remove: (roles: RoleId[]) => Promise<unknown>
}

async function realmCalls(
  { admin }: Target,
  mapping: Mapping,
  scopes: ScopeIds,
  directory: RoleDirectory,
): Promise<Calls> {
  const id = await ownerId(mapping, scopes, directory)
  const owner = mapping.client === undefined ? admin.clientScopes : admin.clients
  return {
    list: () => owner.listRealmScopeMappings({ id }),
    add: (roles) => owner.addRealmScopeMappings({ id }, roles),
    remove: (roles) => owner.delRealmScopeMappings({ id }, roles),
  }
}

async function clientCalls(
  { admin }: Target,
  mapping: Mapping,
  client: string,
  scopes: ScopeIds,
  directory: RoleDirectory,
): Promise<Calls> {
  const id = await ownerId(mapping, scopes, directory)
  const owner = mapping.client === undefined ? admin.clientScopes : admin.clients
  return {
    list: () => owner.listClientScopeMappings({ id, client }),
    add: (roles) => owner.addClientScopeMappings({ id, client }, roles),
    remove: (roles) => owner.delClientScopeMappings({ id, client }, roles),
  }
}

async function ownerId(
  { client, clientScope = '' }: Mapping,
  scopes: ScopeIds,
  directory: RoleDirectory,
): Promise<string> {
  return client === undefined ? (scopes.get(clientScope) ?? '') : await directory.clientId(client)
}

function labelOf({ client, clientScope }: Mapping): string {
  return client === undefined ? `client scope ${clientScope}` : `client ${client}`
}

async function converge({ changed }: Target, label: string, wanted: readonly RoleId[], { list, add, remove }: Calls) {
  const current = (await list()).map(({ id = '', name = '' }) => ({ id, name }))
  const missing = wanted.filter(({ id }) => !current.some((role) => role.id === id))
  const extra = current.filter(({ id }) => !wanted.some((role) => role.id === id))
  if (missing.length > 0) await add(missing)
  if (extra.length > 0) await remove(extra)
  for (const { name } of missing) changed(`${label} ${name} added to its scope`)
  for (const { name } of extra) changed(`${label} ${name} removed from its scope`)
}
