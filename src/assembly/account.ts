import { randomUUID } from 'node:crypto'
import { type RequestHandler, Router } from 'express'
import type { CustomFetch } from 'openid-client'
import { auditedCaller } from '../access/audited-caller.ts'
import { createKeepAnAdministrator } from '../access/keep-an-administrator.ts'
import { createBackground, type InBackground } from '../account/in-background.ts'
import { createLeave } from '../account/leave.ts'
import { createMailedLinks } from '../account/mailed-links.ts'
import { type OwnAccount, ownAccountRoutes } from '../account/own-account-routes.ts'
import { createOwnCredentials } from '../account/own-credentials.ts'
import { createOwnPassword } from '../account/own-password.ts'
import { createOwnProfile } from '../account/own-profile.ts'
import { createProvePresence } from '../account/prove-presence.ts'
import { createRegistration } from '../account/registration.ts'
import { type VisitorRoutesParts, visitorRoutes } from '../account/visitor-routes.ts'
import { letBodyCome } from '../edge/expectation.ts'
import type { Identity } from '../identity/identity.ts'
import { createReissueSession } from '../identity/session/reissue-session.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { Config } from '../platform/config/config.ts'
import { createGuardedFetch } from '../platform/http/guarded-fetch.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import { createPasswordCheck, type PasswordCheck } from '../platform/keycloak/accounts/password-check.ts'
import type { CutOffs } from '../revocation/cut-offs.ts'
import type { Administration } from './admin.ts'
import type { Caches } from './caches.ts'
import type { Edge } from './edge.ts'
import { forgetAfter } from './forget-after.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { SessionDesk } from './session-desk.ts'
import type { Sessions } from './sessions.ts'

export interface AccountParts {
  provider: Provider
  sessions: Sessions
  sessionDesk: SessionDesk
  admin: Administration | undefined
  cutOffs: CutOffs
  edge: Edge
  audit: Audit
  caches: Pick<Caches, 'forgetAdministered'>
}

const PASSWORD_MS = 6_000
const CLOSE_MS = 2_000

export interface AccountRooms {
  /** Below `/users/me`. */
  own: Router
  /** Below `/users`. */
  visitors: Router
  /** Waits for mails that are on their way. */
  close(): Promise<void>
}

/** What people do for themselves, signed in or not. */
export function assembleAccount(config: Config, foundation: Foundation, rooms: AccountParts): AccountRooms {
  const parts = { ...rooms, admin: rooms.admin && forgetting(rooms.admin, rooms.caches.forgetAdministered) }
  const account = parts.admin === undefined ? undefined : assembleOwn(config, foundation, parts, parts.admin)
  const body: RequestHandler[] = jsonBody(letBodyCome)
  const own = ownAccountRoutes({ account, jsonBody: body, auditor: auditedCaller })
  const background = createBackground(foundation.log)
  return {
    own: Router({ caseSensitive: true, strict: true }).use(parts.sessionDesk.own).use(own),
    visitors: visitorRoutes({
      ...assembleVisitors(config, foundation, parts, background.run),
      jsonBody: body,
      auditor: auditedCaller,
    }),
    close: () => background.finish(CLOSE_MS),
  }
}

/** What people change of their accounts, administrators see at once. */
function forgetting(admin: Administration, forget: () => Promise<unknown>): Administration {
  const { users } = admin
  return {
    ...admin,
    users: {
      ...users,
      create: forgetAfter(users.create, forget),
      change: forgetAfter(users.change, forget),
      remove: forgetAfter(users.remove, forget),
      setPassword: forgetAfter(users.setPassword, forget),
    },
  }
}

function assembleVisitors(
  config: Config,
  { log }: Foundation,
  { admin, audit, edge }: AccountParts,
  inBackground: InBackground,
): Pick<VisitorRoutesParts, 'register' | 'links' | 'countMail'> {
  const limiter = edge.limits.limiter('mails', config.rateLimits.mails)
  const countMail = async (email: string) => void (await limiter?.take(`mail ${email}`))
  if (admin === undefined) return { register: undefined, links: undefined, countMail }
  const { accounts, users } = admin
  const madeUpName = () => `registration-${randomUUID()}`
  const register = createRegistration({ accounts, users, audit, inBackground, countMail, madeUpName, log })
  return {
    register: config.accounts.registration ? register : undefined,
    links: createMailedLinks({ accounts, inBackground }),
    countMail,
  }
}

function assembleOwn(
  config: Config,
  foundation: Foundation,
  { provider, sessions, sessionDesk, cutOffs, edge, audit }: AccountParts,
  { accounts, users, roles, sessions: keycloakSessions }: Administration,
): OwnAccount {
  const { clock, log, turns } = foundation
  const checkPassword = assemblePasswordCheck(config, foundation, provider, keycloakSessions.end)
  const limiter = edge.limits.limiter('login', config.rateLimits.login)
  const count = async ({ issuer, id }: Identity) => void (await limiter?.take(`password ${issuer} ${id}`))
  const loginUrl = `${config.server.publicUrl}/login?prompt=login`
  const provePresence = createProvePresence({ accounts, checkPassword, clock, loginUrl, count })
  return {
    profile: createOwnProfile({ accounts, users, audit, inTurn: turns.run, log }),
    changePassword: createOwnPassword({
      ...{ accounts, users, checkPassword, audit, count },
      reissueSession: createReissueSession(sessions),
      endOthers: sessionDesk.endOthers,
      elapsed: () => performance.now(),
    }),
    leave: createLeave({
      ...{ accounts, users, provePresence, audit },
      keepAnAdministrator: createKeepAnAdministrator(roles, turns.run),
      endAll: sessionDesk.endAll,
      // By the clock of the provider, which dates tokens; one that is given in the same second is none of theirs any more.
      endCredentials: async ({ id }) => void (await cutOffs.raise({ kind: 'end', subject: id, at: clock.now() })),
    }),
    credentials: createOwnCredentials({ accounts, provePresence, audit }),
  }
}

function assemblePasswordCheck(
  config: Config,
  { clock, guard }: Foundation,
  provider: Provider,
  endSession: (sid: string) => Promise<unknown>,
): PasswordCheck | undefined {
  if (config.accounts.passwordClient === undefined) return undefined
  const fetch = createGuardedFetch({
    guard: guard({ target: 'provider:password', timeoutMs: PASSWORD_MS }),
    rewrite: config.provider.rewrite,
  })
  return createPasswordCheck({
    config: config.accounts.passwordClient,
    configuration: provider.configuration,
    fetch: fetch as CustomFetch,
    endSession,
    now: clock.now,
  })
}
