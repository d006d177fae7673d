import { z } from 'zod'
import { type AdminCallParts, createAdminCall } from '../admin-api/admin-call.ts'
import { isStatus } from '../admin-api/admin-errors.ts'
import { orUserNotFound } from '../people/or-user-not-found.ts'
import type { KeycloakSessions, SsoSession } from './keycloak-sessions.ts'

/** Keycloak's session ids; what is spelled otherwise is none of its own and never becomes part of an address. */
const SID = /^[A-Za-z0-9_-]{1,64}$/

const sessionRows = z.array(
  z.object({
    id: z.string(),
    ipAddress: z.string().optional(),
    start: z.number(),
    lastAccess: z.number(),
    clients: z.record(z.string(), z.string()).optional(),
  }),
)
const consentRows = z.array(
  z.object({
    additionalGrants: z.array(z.object({ client: z.string().optional(), key: z.string().optional() })).optional(),
  }),
)

/** Sessions by the admin API: reading takes the role `view-users`, ending `manage-users`. */
export function createHttpKeycloakSessions({ config, token, guard }: AdminCallParts): KeycloakSessions {
  const call = createAdminCall({ config, token, guard })

  async function offlineSessions(userId: string): Promise<SsoSession[]> {
    const consents = await call((kc) => kc.users.listConsents({ id: userId }), fits(consentRows))
    const clients = new Set(
      consentRows
        .parse(consents)
        .flatMap(({ additionalGrants = [] }) => additionalGrants)
        .flatMap(({ key, client }) => (key === 'Offline Token' && client !== undefined ? [client] : [])),
    )
    const lists = await Promise.all(
      [...clients].map((clientId) =>
        call((kc) => kc.users.listOfflineSessions({ id: userId, clientId }), fits(sessionRows)),
      ),
    )
    return [...byId(lists.flatMap((rows) => toSessions(rows, true))).values()]
  }

  async function endOne(sid: string, isOffline: boolean): Promise<boolean> {
    try {
      await call(
        (kc) => kc.realms.deleteSession({ realm: config.realm, session: sid, isOffline }),
        () => true,
      )
      return true
    } catch (error) {
      if (isStatus((error as Error).cause, 404)) return false
      throw error
    }
  }

  return {
    async ofUser(userId) {
      const [online, offline] = await Promise.all([
        orUserNotFound(call((kc) => kc.users.listSessions({ id: userId }), fits(sessionRows))),
        orUserNotFound(offlineSessions(userId)),
      ])
      return [...toSessions(online, false), ...offline]
    },
    async end(sid) {
      if (!SID.test(sid)) return false
      const ended = await Promise.all([endOne(sid, false), endOne(sid, true)])
      return ended.includes(true)
    },
  }
}

const fits = (schema: z.ZodType) => (answer: unknown) => schema.safeParse(answer).success

function toSessions(rows: unknown, offline: boolean): SsoSession[] {
  return sessionRows.parse(rows).map(({ id, ipAddress, start, lastAccess, clients }) => ({
    sid: id,
    offline,
    address: ipAddress ?? null,
    startedAt: start,
    lastSeenAt: lastAccess,
    clients: Object.values(clients ?? {}).sort(),
  }))
}

/** One offline session is listed once for each of its clients. */
function byId(sessions: SsoSession[]): Map<string, SsoSession> {
  return new Map(sessions.map((session) => [session.sid, session]))
}
