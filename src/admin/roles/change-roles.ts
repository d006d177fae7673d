import { isKept } from '../../access/built-in-roles.ts'
import { EVERY_PERMISSION } from '../../access/permissions.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { RoleDetail, RoleFields } from '../../platform/keycloak/roles/keycloak-role-catalogue.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Administrator } from '../administrator.ts'
import { allOrNothing } from '../all-or-nothing.ts'
import { keysOf } from '../roles-of-keys.ts'
import type { UsageHereToo } from './read-roles.ts'
import type { RoleDesk } from './role-desk.ts'
import { refuseStaleRole } from './versioned-role.ts'

/** A role that is to be. */
export interface NewRole extends RoleFields {
  /** Client id of the owner; null for a role of the realm. */
  client: string | null
  /** Keys of the roles in it. */
  composites: readonly string[]
}

/** What changes of a role; absent members stay as they are. */
export type RoleChanges = { [Name in keyof RoleFields]?: RoleFields[Name] | undefined }

/** Roles: create, change, delete. @see createComposeRoles for what is in them */
export interface ChangeRoles {
  /** @throws GatewayError ROLE_EXISTS, INVALID_REQUEST */
  create(by: Administrator, wanted: NewRole): Promise<RoleDetail>
  /** @param version as the administrator has read it; undefined for whatever is there */
  change(by: Administrator, id: string, changes: RoleChanges, version: string | undefined): Promise<RoleDetail>
  /**
   * @param force also where it is used, for full administrators
   * @throws GatewayError ROLE_IN_USE telling where, ROLE_PROTECTED
   */
  remove(
    by: Administrator,
    id: string,
    options: { force: boolean; version: string | undefined },
  ): Promise<{ usedBy: UsageHereToo }>
}

export function createChangeRoles(desk: RoleDesk): ChangeRoles {
  const { catalogue, roles, log } = desk

  async function made(key: string): Promise<RoleView> {
    const found = await roles.find(key)
    if (found === undefined) throw new GatewayError('ROLE_NOT_FOUND', { reason: 'the role just made is not there' })
    return found
  }

  /** A role without the roles in it is not what was asked for: it goes again. */
  async function createWhole(key: string, owner: string | null, fields: RoleFields, parts: readonly RoleView[]) {
    let role: RoleView | undefined
    const create = {
      what: 'the creation of the role',
      do: () => catalogue.create(owner, fields),
      undo: async () => {
        const there = role ?? (await roles.find(key))
        if (there !== undefined) await catalogue.remove(there)
      },
    }
    const find = {
      what: 'finding the role',
      do: async () => {
        role = await made(key)
      },
      undo: async () => undefined,
    }
    const compose = {
      what: 'putting roles into it',
      do: async () => catalogue.add(role ?? (await made(key)), parts),
      undo: async () => undefined,
    }
    await allOrNothing(parts.length === 0 ? [create, find] : [create, find, compose], log)
    return role ?? made(key)
  }

  return {
    create: (by, { client, composites, ...fields }) =>
      desk.inRoleTurn(async () => {
        const owner = client === null ? null : await catalogue.owner(client)
        const key = keyOf(client, fields.name)
        refuseReserved(key)
        const parts = await desk.find(composites, 'composites')
        catalogue.makeSureItWrites(owner, parts)
        const view: RoleView = { id: '', key, ...fields, composite: false, clientUuid: owner }
        const { id } = await desk.write(by, {
          ...{ action: 'role.create', id: null, after: { ...fields, client, composites: keysOf(parts) } },
          act: { permission: 'roles.write', grants: parts, role: desk.concerned(view) },
          change: () => createWhole(key, owner, fields, parts),
          describe: (role) => ({ target: { kind: 'role', id: role.id } }),
        })
        return catalogue
          .read(id)
          .catch(() => ({ ...view, ...fields, id, client, composites: parts, composite: parts.length > 0 }))
      }),
    change: (by, id, wanted, version) =>
      desk.withRole(id, async (role) => {
        refuseStaleRole(role, version)
        catalogue.makeSureItWrites(role.clientUuid)
        const fields = { ...fieldsOf(role), ...present(wanted) }
        const changes = whatChanges(role, fields)
        const renamed = { ...role, name: fields.name, key: keyOf(role.client, fields.name) }
        const renames = changes.name !== undefined
        if (renames) refuseReserved(renamed.key)
        if (renames && isKept(role.key)) throw new GatewayError('ROLE_PROTECTED')
        await desk.write(by, {
          ...{ action: 'role.update', id, before: { name: role.name, client: role.client, ...back(role, changes) } },
          after: changes,
          // Whoever holds it holds another role by it, as far as policies and permissions go by names.
          act: { permission: 'roles.write', role: desk.concerned(role), ...(renames ? { grants: [renamed] } : {}) },
          async change() {
            if (Object.keys(changes).length > 0) await catalogue.change(role, fields)
            if (renames) await desk.renew()
          },
        })
        return catalogue.read(id).catch(() => ({ ...renamed, ...fields }))
      }),
    remove: (by, id, { force, version }) =>
      desk.withRole(id, async (role) => {
        refuseStaleRole(role, version)
        if (isKept(role.key)) throw new GatewayError('ROLE_PROTECTED')
        catalogue.makeSureItWrites(role.clientUuid)
        const usedBy = { ...(await catalogue.usage(role)), routes: desk.routesAskingFor(role.key) }
        if (isUsed(usedBy) && !force) throw new GatewayError('ROLE_IN_USE', { details: { usedBy } })
        const goes = (outer: string, part: string) => outer === id || part === id
        await desk.write(by, {
          ...{ action: 'role.delete', id, after: { usedBy } },
          before: { ...fieldsOf(role), client: role.client, composites: keysOf(role.composites) },
          act: {
            ...{ permission: 'roles.write', also: isUsed(usedBy) ? EVERY_PERMISSION : [], takes: 'everything' },
            role: desk.concerned(role, { containsNoMore: goes }),
          },
          async change() {
            await catalogue.remove(role)
            await desk.renew()
          },
        })
        return { usedBy }
      }),
  }
}

const keyOf = (client: string | null, name: string) => (client === null ? `realm:${name}` : `client:${client}:${name}`)
const fieldsOf = ({ name, description, attributes }: RoleDetail): RoleFields => ({ name, description, attributes })
const isUsed = (usage: UsageHereToo) => Object.values(usage).some((use) => (Array.isArray(use) ? use.length > 0 : use))

/** @throws GatewayError INVALID_REQUEST for a name by which Keycloak calls what everybody has */
function refuseReserved(key: string): void {
  if (!key.startsWith('realm:default-roles-')) return
  const fields = [{ field: 'name', problem: 'must not begin with default-roles-, which Keycloak keeps for itself' }]
  throw new GatewayError('INVALID_REQUEST', { details: { fields } })
}

function present(wanted: RoleChanges): Partial<RoleFields> {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
}

function whatChanges(role: RoleDetail, fields: RoleFields): Partial<RoleFields> {
  const before = fieldsOf(role)
  const entries = Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof RoleFields]),
  )
  return Object.fromEntries(entries)
}

/** The same members as they were. */
function back(role: RoleDetail, changes: Partial<RoleFields>): object {
  return Object.fromEntries(Object.keys(changes).map((name) => [name, role[name as keyof RoleFields]]))
}
