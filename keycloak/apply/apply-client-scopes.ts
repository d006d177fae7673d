import type { ClientScope, Realm } from '../realm-schema.ts'
import { applyMappers } from './apply-mappers.ts'
import { describeDifferences, differentMembers } from './differences.ts'
import type { Target } from './target.ts'

/** Ids of all client scopes of the realm, by name. */
export type ScopeIds = ReadonlyMap<string, string>

/** Creates missing client scopes and brings the declared ones, with their mappers, to the file; others are left alone. */
export async function applyClientScopes(target: Target, realm: Realm): Promise<ScopeIds> {
  const { admin, changed } = target
  for (const wanted of realm.clientScopes ?? []) await applyClientScope(target, wanted)
  const ids = new Map((await admin.clientScopes.find()).map(({ name = '', id = '' }) => [name, id]))
  await applyDefaults(realm.defaultDefaultClientScopes, ids, 'default client scopes', changed, {
    list: () => admin.clientScopes.listDefaultClientScopes(),
    add: (id) => admin.clientScopes.addDefaultClientScope({ id }),
    remove: (id) => admin.clientScopes.delDefaultClientScope({ id }),
  })
  await applyDefaults(realm.defaultOptionalClientScopes, ids, 'default optional client scopes', changed, {
    list: () => admin.clientScopes.listDefaultOptionalClientScopes(),
    add: (id) => admin.clientScopes.addDefaultOptionalClientScope({ id }),
    remove: (id) => admin.clientScopes.delDefaultOptionalClientScope({ id }),
  })
  return ids
}

async function applyClientScope({ admin, changed }: Target, wanted: ClientScope): Promise<void> {
  const { name, description = '', protocol, attributes = {}, protocolMappers } = wanted
  const label = `client scope ${name}`
  const current = (await admin.clientScopes.find()).find((scope) => scope.name === name)
  if (current?.id === undefined) {
    const mappers = (protocolMappers ?? []).map((mapper) => ({ ...mapper, config: mapper.config ?? {} }))
    await admin.clientScopes.create({ name, description, protocol, attributes, protocolMappers: mappers as never })
    changed(`${label}: created`)
    return
  }
  const { id } = current
  const different = differentMembers({ description, protocol, attributes }, current)
  if (Object.keys(different).length > 0) {
    await admin.clientScopes.update(
      { id },
      { ...current, ...different, attributes: { ...current.attributes, ...attributes } },
    )
    changed(`${label}: ${describeDifferences(different, current)}`)
  }
  const owner = {
    label,
    add: (mapper: object) => admin.clientScopes.addProtocolMapper({ id }, mapper),
    update: (mapperId: string, mapper: object) => admin.clientScopes.updateProtocolMapper({ id, mapperId }, mapper),
    remove: (mapperId: string) => admin.clientScopes.delProtocolMapper({ id, mapperId }),
  }
  await applyMappers(owner, protocolMappers, current.protocolMappers ?? [], changed)
}

type ScopeList = {
  list: () => Promise<{ name?: string; id?: string }[]>
  add: (id: string) => Promise<unknown>
  remove: (id: string) => Promise<unknown>
}

/** Makes a list of scopes exactly the wanted one; removal first, because a scope cannot be default and optional at once. */
export async function applyDefaults(
  wanted: readonly string[] | undefined,
  ids: ScopeIds,
  label: string,
  changed: (what: string) => void,
  { list, add, remove }: ScopeList,
): Promise<void> {
  if (wanted === undefined) return
  const current = (await list()).map(({ name = '' }) => name)
  for (const name of current.filter((scope) => !wanted.includes(scope))) {
    await remove(ids.get(name) ?? '')
    changed(`${label}: ${name} removed`)
  }
  for (const name of wanted.filter((scope) => !current.includes(scope))) {
    await add(ids.get(name) ?? '')
    changed(`${label}: ${name} added`)
  }
}
