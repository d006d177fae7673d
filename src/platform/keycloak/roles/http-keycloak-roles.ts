import { z } from 'zod'
import { type AdminCallParts, createAdminCall } from '../admin-api/admin-call.ts'
import { reads } from '../admin-api/reads.ts'
import { orUserNotFound } from '../people/or-user-not-found.ts'
import { findAnotherHolder } from './find-another-holder.ts'
import type { KeycloakRoles, RolesForDecision, RoleView } from './keycloak-roles.ts'
import { createRoleReader, type RoleReader } from './role-reader.ts'

const role = z.object({ id: z.string(), name: z.string() })
const realm = z.object({ defaultRole: role.loose().optional() })
const ids = z.array(z.object({ id: z.string() }))

/** Parts of an address that would lead somewhere else. */
const DOTS = ['.', '..']

/** More is no name but an attempt to have many questions asked. */
const MOST_COLONS = 10

/** A role by its name, of a client or of the realm. */
interface Reading {
  client: string | undefined
  name: string
}

/** How a key may be meant: ids of clients have colons too where they are addresses. */
function readingsOf(key: string): Reading[] {
  const [kind, ...parts] = key.split(':')
  const whole = parts.join(':')
  const readings =
    kind === 'realm'
      ? [{ client: undefined, name: whole }]
      : kind !== 'client' || parts.length > MOST_COLONS
        ? []
        : parts.map((_, at) => ({ client: parts.slice(0, at).join(':'), name: parts.slice(at).join(':') }))
  return readings.filter(({ client, name }) => client !== '' && name !== '' && !DOTS.includes(name))
}

/**
 * Roles by the admin API: reading them takes the roles `view-users`, `view-realm` and `view-clients`, giving and taking
 * `manage-users`. Nothing here is ever cached.
 */
export function createHttpKeycloakRoles(parts: AdminCallParts, writes: AdminCallParts): KeycloakRoles {
  const call = createAdminCall(parts)
  const write = createAdminCall(writes)

  async function seeingAll<T>(read: (reader: RoleReader) => Promise<T>, reader = createRoleReader(call)): Promise<T> {
    const [, answer] = await Promise.all([reader.makeSureAllIsSeen(), read(reader)])
    return answer
  }

  async function find(reader: RoleReader, key: string): Promise<RoleView | undefined> {
    const found = await Promise.all(readingsOf(key).map((reading) => findAt(reader, reading)))
    const views = (await Promise.all(found.map((one) => reader.toViews(one)))).flat().filter((view) => view.key === key)
    // Of two roles that are written alike neither is meant for certain.
    return views.length === 1 ? views[0] : undefined
  }

  async function findAt(reader: RoleReader, { client, name }: Reading): Promise<object[]> {
    const uuid = client === undefined ? undefined : await reader.clientUuid(client)
    if (client !== undefined && uuid === undefined) return []
    const found = await call(
      (kc) =>
        uuid === undefined ? kc.roles.findOneByName({ name }) : kc.clients.findRole({ id: uuid, roleName: name }),
      reads(role.nullable()),
    )
    return found === null || found === undefined ? [] : [found]
  }

  async function change(userId: string, roles: readonly RoleView[], method: 'add' | 'del'): Promise<void> {
    const owners = new Set(roles.map(({ clientUuid }) => clientUuid))
    for (const owner of owners) {
      const rows = roles.filter(({ clientUuid }) => clientUuid === owner).map(({ id, name }) => ({ id, name }))
      const sent = { id: userId, roles: rows }
      await write(
        (kc) =>
          owner === null
            ? kc.users[`${method}RealmRoleMappings`](sent)
            : kc.users[`${method}ClientRoleMappings`]({ ...sent, clientUniqueId: owner }),
        () => true,
      )
    }
  }

  const forDecision = (shared?: RoleReader): RolesForDecision => ({
    effective: (userId) =>
      seeingAll(async (reader) => {
        const [own, groups] = await orUserNotFound(Promise.all([reader.direct(userId), reader.groupsOf(userId)]))
        return reader.expanded([...own, ...(await reader.givenToGroups(groups))])
      }, shared),
    expanded: (roles) => seeingAll((reader) => reader.expanded(roles), shared),
    isHeldByAnother: (realmRole, userId) =>
      seeingAll(async (reader) => {
        const held = await find(reader, realmRole)
        return held === undefined ? false : findAnotherHolder(call, held, userId)
      }, shared),
  })

  return {
    ...forDecision(),
    forDecision: () => forDecision(createRoleReader(call)),
    direct: (userId) => seeingAll((reader) => orUserNotFound(reader.direct(userId))),
    find: (key) => seeingAll((reader) => find(reader, key)),
    ofGroup: (groupId) => seeingAll(async (reader) => reader.expanded(await reader.givenToGroups([groupId]))),
    ofNewUsers: () =>
      seeingAll(async (reader) => {
        const [settings, groups] = await Promise.all([
          call((kc) => kc.realms.findOne({ realm: parts.config.realm }), reads(realm)),
          call((kc) => kc.realms.getDefaultGroups({ realm: parts.config.realm }), reads(ids)),
        ])
        const { defaultRole } = realm.parse(settings)
        const given = await reader.givenToGroups(ids.parse(groups).map(({ id }) => id))
        return reader.expanded([...(await reader.toViews(defaultRole === undefined ? [] : [defaultRole])), ...given])
      }),
    isStillHeld: (realmRole, toCome) =>
      seeingAll(async (reader) => {
        const held = await find(reader, realmRole)
        return held === undefined ? false : findAnotherHolder(call, held, undefined, toCome)
      }),
    assign: (userId, roles) => change(userId, roles, 'add'),
    withdraw: (userId, roles) => change(userId, roles, 'del'),
  }
}
