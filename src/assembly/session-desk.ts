import type { Router } from 'express'
import { createAuthorize } from '../access/authorize.ts'
import { ownSessionRoutes } from '../account/own-session-routes.ts'
import { createOwnSessions } from '../account/own-sessions.ts'
import { createAnyonesSessions } from '../admin/sessions/anyones-sessions.ts'
import { createMayEndSessions } from '../admin/sessions/may-end-sessions.ts'
import { sessionAdminRoutes } from '../admin/sessions/session-admin-routes.ts'
import type { Identity } from '../identity/identity.ts'
import { createEndSessions, type EndReport } from '../identity/session/end-sessions.ts'
import { createListSessions } from '../identity/session/list-sessions.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { Config } from '../platform/config/config.ts'
import type { Administration } from './admin.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Sessions } from './sessions.ts'

export interface SessionDesk {
  /** All sessions of a caller but the one in use. */
  endOthers: (caller: Identity) => Promise<EndReport>
  /** All of them, here and at Keycloak. */
  endAll: (caller: Identity) => Promise<EndReport>
  /** Below `/users/me`. */
  own: Router
  /** Below `/admin`. */
  anyones: Router
}

/** Where sessions are listed and ended: by their owner, and by administrators. */
export function assembleSessionDesk(
  config: Config,
  { log }: Foundation,
  { relyingParty }: Provider,
  { store, endSession }: Sessions,
  admin: Administration | undefined,
  audit: Pick<Audit, 'note'>,
): SessionDesk {
  const { issuer } = config.provider
  const keycloak = admin?.sessions
  const list = createListSessions({ store, keycloak, issuer, log })
  const end = createEndSessions({ store, endSession, keycloak, revoke: relyingParty.revoke, issuer, log })
  const mayEnd = createMayEndSessions({
    rules: admin === undefined ? undefined : { authorize: createAuthorize(admin), users: admin.users },
    log,
  })
  const own = createOwnSessions({ list, end, store, keycloak })
  return {
    endOthers: own.endOthers,
    async endAll({ id: subject }) {
      const ids = await store.find({ issuer, subject }, Number.POSITIVE_INFINITY)
      return end({ ids, ssoOf: subject, why: 'account-closed' })
    },
    own: ownSessionRoutes(own, audit),
    anyones: sessionAdminRoutes(createAnyonesSessions({ list, end, mayEnd, store, issuer, log }), audit),
  }
}
