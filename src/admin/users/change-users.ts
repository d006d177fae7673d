import { isManagementRole } from '../../access/judge-write.ts'
import { permissionsOfRoles } from '../../access/permissions.ts'
import type { EndReport } from '../../identity/session/end-sessions.ts'
import type { AuditAction } from '../../platform/audit/audit-event.ts'
import type { UserDetail } from '../../platform/keycloak/people/keycloak-admin.ts'
import type { NewUser, UserChanges } from '../../platform/keycloak/users/keycloak-users.ts'
import type { Administrator } from '../administrator.ts'
import { allOrNothing } from '../all-or-nothing.ts'
import { refuseUnfit } from './refuse-unfit.ts'
import type { UserDesk } from './user-desk.ts'

/** A user after a write, and what became of the sessions where the write ends them. */
export interface ChangedUser {
  user: UserDetail
  sessions: EndReport | null
}

export interface ChangeUsers {
  create(by: Administrator, fields: NewUser): Promise<UserDetail>
  /** @param version as the administrator has read it; undefined for whatever is there */
  change(by: Administrator, id: string, changes: UserChanges, version: string | undefined): Promise<ChangedUser>
  enable(by: Administrator, id: string, version?: string): Promise<ChangedUser>
  disable(by: Administrator, id: string, version?: string): Promise<ChangedUser>
  remove(
    by: Administrator,
    id: string,
    version: string | undefined,
  ): Promise<{ mode: 'hard' | 'soft'; sessions: EndReport }>
}

const NO_REPORT: EndReport = { ended: 0, keycloak: 'none' }
/** Nobody gives these to themselves; attributes may be claims by which upstreams decide. */
const RANK = ['enabled', 'emailVerified', 'attributes'] as const

/** @param deletion `soft` keeps the account, disabled */
export function createChangeUsers(desk: UserDesk, deletion: 'hard' | 'soft'): ChangeUsers {
  const { users, roles, endAccess, log } = desk

  /** As it is now; as it should be, where Keycloak has gone away right after the write. */
  const readAgain = (expected: UserDetail) => users.read(expected.id).catch(() => expected)

  async function apply(
    by: Administrator,
    user: UserDetail,
    wanted: UserChanges,
    action: AuditAction,
  ): Promise<ChangedUser> {
    const changes = whatChanges(user, wanted)
    const ends = user.enabled && changes.enabled === false
    const isForOneself = !RANK.some((name) => wanted[name] !== undefined && !same(wanted[name], user[name]))
    let sessions: EndReport | null = null
    await desk.write(by, {
      action,
      act: { permission: 'users.write', target: user, isForOneself, ...(ends ? { takes: 'everything' } : {}) },
      ...beforeAndAfter(user, changes),
      async change() {
        const change = {
          what: 'the change of the user',
          do: () => users.change(user, changes),
          undo: () => users.change(user, back(user, changes)),
        }
        const end = {
          what: 'ending sessions',
          do: async () => {
            sessions = await endAccess(user.id)
          },
          undo: async () => undefined,
        }
        const isChange = Object.keys(changes).length > 0
        const endsAccess = ends || action === 'user.disable'
        await allOrNothing([...(isChange ? [change] : []), ...(endsAccess ? [end] : [])], log)
      },
    })
    return { user: await readAgain(changed(user, changes)), sessions }
  }

  return {
    async create(by, fields) {
      const username = fields.username.toLowerCase()
      const [rules, defaults] = await Promise.all([users.rules(), roles.ofNewUsers()])
      refuseUnfit(rules, { ...fields, password: fields.password?.value })
      // What everybody has raises nobody, unless it is administrative.
      const grants = defaults.filter(({ key }) => isManagementRole(key) || permissionsOfRoles([key]).size > 0)
      const { password, ...shown } = fields
      const id = await desk.write(by, {
        action: 'user.create',
        act: { permission: 'users.write', grants },
        after: { ...shown, username, ...(password === null ? {} : { temporary: password.temporary }) },
        change: () => users.create(fields),
        describe: (made) => ({ target: { kind: 'user', id: made } }),
      })
      return readAgain({ id, ...shown, username, email: shown.email?.toLowerCase() ?? null, createdAt: null })
    },
    change: (by, id, changes, version) =>
      desk.withUser(
        id,
        async (user) => {
          if (changes.attributes !== undefined)
            refuseUnfit(await users.rules(), { ...user, attributes: changes.attributes })
          return apply(by, user, changes, 'user.update')
        },
        version,
      ),
    enable: (by, id, version) =>
      desk.withUser(id, (user) => apply(by, user, { enabled: true }, 'user.enable'), version),
    disable: (by, id, version) =>
      desk.withUser(id, (user) => apply(by, user, { enabled: false }, 'user.disable'), version),
    remove: (by, id, version) =>
      desk.withUser(
        id,
        async (user) => {
          let sessions = NO_REPORT
          await desk.write(by, {
            action: 'user.delete',
            act: { permission: 'users.delete', target: user, takes: 'everything' },
            ...beforeAndAfter(user, { enabled: false }),
            async change() {
              sessions = await endAccess(id)
              await (deletion === 'hard' ? users.remove(id) : users.change(user, { enabled: false }))
              // A login that was on its way in between.
              await endAccess(id).catch((error: unknown) =>
                log.warn('sessions of a removed user may be left', { error }),
              )
            },
          })
          return { mode: deletion, sessions }
        },
        version,
      ),
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Only what differs; an address that changes is no longer a verified one unless that is said. */
function whatChanges(user: UserDetail, wanted: UserChanges): UserChanges {
  const entries = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && !same(value, user[name as keyof UserDetail]),
  )
  const changes: UserChanges = Object.fromEntries(entries)
  const moves = changes.email !== undefined && changes.email?.toLowerCase() !== user.email
  return moves && wanted.emailVerified === undefined ? { ...changes, emailVerified: false } : changes
}

function changed(user: UserDetail, { username, email, firstName, lastName, ...flags }: UserChanges): UserDetail {
  const { enabled, emailVerified, attributes, requiredActions } = flags
  return {
    ...user,
    username: username ?? user.username,
    email: email === undefined ? user.email : email,
    firstName: firstName === undefined ? user.firstName : firstName,
    lastName: lastName === undefined ? user.lastName : lastName,
    enabled: enabled ?? user.enabled,
    emailVerified: emailVerified ?? user.emailVerified,
    attributes: attributes ?? user.attributes,
    requiredActions: requiredActions ?? user.requiredActions,
  }
}

/** The same members as they were. */
function back(user: UserDetail, changes: UserChanges): UserChanges {
  return Object.fromEntries(Object.keys(changes).map((name) => [name, user[name as keyof UserDetail]]))
}

function beforeAndAfter(user: UserDetail, changes: UserChanges) {
  return { before: { username: user.username, ...back(user, changes) }, after: changes }
}
