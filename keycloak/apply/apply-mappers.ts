import type ProtocolMapperRepresentation from '@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js'
import type { ProtocolMapper } from '../realm-schema.ts'
import { differs } from './differences.ts'

/** The three calls a client and a client scope have in common for their mappers. */
export type MapperOwner = {
  label: string
  add: (mapper: ProtocolMapperRepresentation) => Promise<void>
  update: (mapperId: string, mapper: ProtocolMapperRepresentation) => Promise<void>
  remove: (mapperId: string) => Promise<void>
}

/**
 * Brings the mappers of a client or scope to the file's list: missing ones are added, differing ones changed, further ones
 * removed, for a mapper nobody declared can put anything into tokens. Without a list in the file nothing is done.
 */
export async function applyMappers(
  owner: MapperOwner,
  wanted: readonly ProtocolMapper[] | undefined,
  current: readonly ProtocolMapperRepresentation[],
  changed: (what: string) => void,
): Promise<void> {
  if (wanted === undefined) return
  for (const mapper of wanted) {
    const { name, protocol, protocolMapper, config = {} } = mapper
    const found = current.find((candidate) => candidate.name === name)
    const declared = { name, protocol, protocolMapper, config }
    if (found?.id === undefined) {
      await owner.add(declared)
      changed(`${owner.label}: mapper "${name}" added`)
    } else if (found.protocolMapper !== protocolMapper) {
      // An update keeps the old type.
      await owner.remove(found.id)
      await owner.add(declared)
      changed(`${owner.label}: mapper "${name}" made anew as ${protocolMapper}`)
    } else if (differs(config, found.config)) {
      await owner.update(found.id, { ...declared, id: found.id, config: { ...found.config, ...config } })
      changed(`${owner.label}: mapper "${name}" changed`)
    }
  }
  for (const { id, name = '' } of current) {
    if (id === undefined || wanted.some((mapper) => mapper.name === name)) continue
    await owner.remove(id)
    changed(`${owner.label}: mapper "${name}" removed`)
  }
}
