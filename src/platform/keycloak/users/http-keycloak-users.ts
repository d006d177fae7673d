import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import { type AdminCallParts, createAdminCall } from '../admin-api/admin-call.ts'
import { isStatus } from '../admin-api/admin-errors.ts'
import { reads } from '../admin-api/reads.ts'
import { credentialRows, toCredential } from '../people/credential.ts'
import { toUserDetail } from '../people/views.ts'
import { accountRefusal } from './account-refusal.ts'
import type { KeycloakUsers, LockState } from './keycloak-users.ts'
import { toUserBody } from './user-body.ts'

const user = z.object({ id: z.string(), username: z.string() }).loose()
const ids = z.array(z.object({ id: z.string() }))
const profile = z.object({
  attributes: z.array(z.object({ name: z.string() })).default([]),
  unmanagedAttributePolicy: z.string().optional(),
})
const actions = z.array(z.object({ alias: z.string(), enabled: z.boolean().default(false) }))
const realm = z.object({ passwordPolicy: z.string().default('') })
const lock = z.object({
  disabled: z.boolean().default(false),
  failedLoginNotBefore: z.number().default(0),
  numFailures: z.number().default(0),
  lastFailure: z.number().default(0),
  lastIPFailure: z.string().optional(),
})

/** Members of their own, which Keycloak's profile names too. */
const NO_ATTRIBUTES = ['username', 'email', 'firstName', 'lastName']
/** With these policies administrators may write attributes that the profile does not name. */
const TAKES_ANY = ['ENABLED', 'ADMIN_EDIT']
const group = z.object({ path: z.string() })
const anything = () => true

/**
 * Users by the admin API: reading takes the role `view-users`, writing `manage-users`. Nothing here is cached.
 * @param writes behind a guard without retries: a write whose answer was lost may have been carried out
 */
export function createHttpKeycloakUsers(parts: AdminCallParts, writes: AdminCallParts): KeycloakUsers {
  const call = createAdminCall(parts)
  const write = createAdminCall(writes)

  return {
    async read(id) {
      const found = await call((kc) => kc.users.findOne({ id }), reads(user.nullable()))
      if (found === null || found === undefined) throw new GatewayError('USER_NOT_FOUND')
      return toUserDetail(found)
    },
    async rules() {
      const [ofRealm, required, settings] = await Promise.all([
        call((kc) => kc.users.getProfile(), reads(profile)),
        call((kc) => kc.authenticationManagement.getRequiredActions(), reads(actions)),
        call((kc) => kc.realms.findOne({ realm: parts.config.realm }), reads(realm)),
      ])
      const { attributes, unmanagedAttributePolicy = '' } = profile.parse(ofRealm)
      const named = attributes.map(({ name }) => name).filter((name) => !NO_ATTRIBUTES.includes(name))
      return {
        attributes: TAKES_ANY.includes(unmanagedAttributePolicy) ? null : named,
        requiredActions: actions.parse(required).flatMap(({ alias, enabled }) => (enabled ? [alias] : [])),
        passwordPolicy: realm.parse(settings).passwordPolicy,
      }
    },
    create: (fields) =>
      inOurWords(async () => {
        const { password, ...rest } = fields
        const credentials = password === null ? {} : { credentials: [{ type: 'password', ...password }] }
        const made = await write(
          (kc) => kc.users.create({ ...toUserBody(rest), ...credentials }),
          reads(user.pick({ id: true })),
        )
        return made.id
      }),
    change: (before, changes) =>
      inOurWords(() => write((kc) => kc.users.update({ id: before.id }, toUserBody(changes, before)), anything)),
    remove: (id) => inOurWords(() => write((kc) => kc.users.del({ id }), anything)),
    setPassword: (id, password) =>
      inOurWords(() =>
        write((kc) => kc.users.resetPassword({ id, credential: { type: 'password', ...password } }), anything),
      ),
    async lock(id) {
      return toLockState(lock.parse((await call((kc) => kc.attackDetection.findOne({ id }), reads(lock))) ?? {}))
    },
    unlock: (id) => write((kc) => kc.attackDetection.del({ id }), anything),
    credentials: (id) =>
      inOurWords(async () => {
        const found = await call((kc) => kc.users.getCredentials({ id }), reads(credentialRows))
        return credentialRows.parse(found).map(toCredential)
      }),
    async groupIds(id) {
      const found = await inOurWords(() => call((kc) => kc.users.listGroups({ id }), reads(ids)))
      return ids.parse(found).map((group) => group.id)
    },
    async groupPath(groupId) {
      const found = await inOurWords(
        () => call((kc) => kc.groups.findOne({ id: groupId }), reads(group.nullable())),
        'GROUP_NOT_FOUND',
      )
      if (found === null || found === undefined) throw new GatewayError('GROUP_NOT_FOUND')
      return group.parse(found).path
    },
    join: (id, groupId) =>
      inOurWords(
        async () => void (await write((kc) => kc.users.addToGroup({ id, groupId }), anything)),
        'GROUP_NOT_FOUND',
      ),
    leave: (id, groupId) =>
      inOurWords(
        async () => void (await write((kc) => kc.users.delFromGroup({ id, groupId }), anything)),
        'GROUP_NOT_FOUND',
      ),
  }
}

function toLockState({
  disabled,
  failedLoginNotBefore,
  numFailures,
  lastFailure,
  lastIPFailure,
}: z.output<typeof lock>): LockState {
  const moment = (milliseconds: number) => (milliseconds > 0 ? new Date(milliseconds).toISOString() : null)
  return {
    locked: disabled,
    until: disabled ? moment(failedLoginNotBefore * 1000) : null,
    failures: numFailures,
    lastFailureAt: moment(lastFailure),
    lastFailureFrom: lastIPFailure === undefined || lastIPFailure === 'n/a' ? null : lastIPFailure,
  }
}

async function inOurWords<T>(
  ask: () => Promise<T>,
  missing: 'USER_NOT_FOUND' | 'GROUP_NOT_FOUND' = 'USER_NOT_FOUND',
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (isStatus((error as Error).cause, 404)) throw new GatewayError(missing, { cause: error })
    throw accountRefusal(error)
  }
}
