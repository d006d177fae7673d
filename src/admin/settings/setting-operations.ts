import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import { settingInput } from './setting-input.ts'

const TAG = 'Administration: settings'
const value = z.union([z.string(), z.number()]).nullable()
const text = z.string().nullable()
const limit = z.object({ limit: z.int(), window: z.int() })

const setting = z
  .object({
    name: z.string(),
    group: z.string(),
    meaning: z.string(),
    default: text,
    value: value.meta({ description: 'In force at this moment; null for secrets and for what is not set.' }),
    configured: value.meta({ description: 'By the environment and the defaults alone.' }),
    source: z.enum(['default', 'environment', 'runtime']),
    isSet: z.boolean().meta({ description: 'Whether the environment has it; all that is told of a secret.' }),
    isSecret: z.boolean(),
    isChangeable: z.boolean(),
  })
  .meta({ id: 'Setting' })
const route = z
  .object({
    id: z.string(),
    path: z.string(),
    upstream: z.string(),
    stripPath: z.boolean(),
    auth: z.union([z.literal('none'), z.array(z.string())]),
    methods: z.array(z.string()),
    require: z.object({
      roles: z.array(z.string()),
      scopes: z.array(z.string()),
      groups: z.array(z.string()),
      acr: z.union([z.string(), z.array(z.string())]).nullable(),
    }),
    token: z.string(),
    websocket: z.boolean(),
    http2: z.boolean(),
    hasOwnTls: z.boolean().meta({ description: 'Whether certificates or authorities are named for it.' }),
    timeout: z.number(),
    rateLimit: limit.nullable(),
    maxBody: z.int().nullable(),
    passesCookies: z.boolean(),
    passesSetCookie: z.boolean(),
  })
  .meta({ id: 'RouteInForce' })
const flag = z.boolean()
const seconds = z.number()
const policy = z
  .object({
    ...{ name: z.string(), enabled: flag, sslRequired: z.string() },
    ...{ registrationAllowed: flag, registrationEmailAsUsername: flag, verifyEmail: flag },
    ...{ loginWithEmailAllowed: flag, duplicateEmailsAllowed: flag, resetPasswordAllowed: flag },
    ...{ editUsernameAllowed: flag, rememberMe: flag, sendsMail: flag, passwordPolicy: text },
    otp: z.object({ type: text, digits: z.number().nullable(), period: seconds.nullable() }),
    bruteForce: z.object({
      ...{ protected: flag, permanentLockout: flag, failures: z.number() },
      ...{ waitIncrement: seconds, longestWait: seconds, forgottenAfter: seconds },
    }),
    lifetimes: z.object({
      ...{ accessToken: seconds, sessionIdle: seconds, sessionMax: seconds, rememberedSessionIdle: seconds },
      ...{ rememberedSessionMax: seconds, offlineSessionIdle: seconds, login: seconds, mailedLink: seconds },
    }),
    refreshTokens: z.object({ revokedWhenUsed: flag, maxReuse: z.number() }),
    events: z.object({ logins: flag, keptFor: seconds.nullable(), admin: flag, adminDetails: flag }),
  })
  .meta({ id: 'RealmPolicy', description: 'What the realm says of signing in; durations are seconds.' })
const realm = z.discriminatedUnion('state', [
  z.object({ state: z.literal('known'), policy }),
  z.object({ state: z.literal('unknown'), reason: z.string() }),
])
const version = z.string().meta({ description: 'Of what can be changed; the same as the ETag.' })
const kept = z
  .enum(['redis', 'process'])
  .meta({ description: 'Where changes are kept: for all instances, or for this one until it ends.' })
const changed = {
  description: 'What was changed, and how many instances have acted on it',
  data: z.object({ settings: z.array(setting), version, kept, instances: z.int() }),
}
const ERRORS: Operation['errors'] = [
  ...(['VERSION_CONFLICT', 'SETTINGS_UNAVAILABLE', 'AUDIT_UNAVAILABLE'] as const),
  ...(['KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED'] as const),
]

/** The configuration. */
export const settingOperations: readonly Operation[] = [
  {
    id: 'readSettings',
    method: 'get',
    path: '{prefix}/admin/settings',
    tag: TAG,
    summary: 'The configuration in force: settings, routes, and what the realm says of signing in',
    description: 'Secrets are never shown, addresses without user and password.',
    who: 'administrator',
    query: settingInput.nothing,
    answers: {
      200: {
        description: 'The configuration',
        headers: { ETag: 'The version, as `If-Match` takes it' },
        data: z.object({ settings: z.array(setting), version, kept, routes: z.array(route), realm }),
      },
    },
    errors: [],
  },
  {
    id: 'changeSettings',
    method: 'patch',
    path: '{prefix}/admin/settings',
    tag: TAG,
    summary: 'Change settings while running, on every instance',
    description:
      'All of it or nothing; in force on every live instance when the answer arrives, and on those that start later. A version, here or as `If-Match`, refuses a change that is based on something old.',
    who: 'administrator',
    body: { schema: settingInput.change, type: 'application/json' },
    answers: { 200: changed },
    errors: ERRORS,
  },
  {
    id: 'resetSetting',
    method: 'delete',
    path: '{prefix}/admin/settings/{name}',
    tag: TAG,
    summary: 'Go back to the configured value of a setting',
    who: 'administrator',
    params: settingInput.one,
    query: settingInput.nothing,
    answers: { 200: changed },
    errors: ERRORS,
  },
]
