import { Router } from 'express'
import { createKeepAnAdministrator } from '../../src/access/keep-an-administrator.ts'
import { ADMINISTRATOR } from '../../src/access/permissions.ts'
import { createLeave } from '../../src/account/leave.ts'
import { ownAccountRoutes } from '../../src/account/own-account-routes.ts'
import { createOwnCredentials } from '../../src/account/own-credentials.ts'
import { createOwnPassword } from '../../src/account/own-password.ts'
import { createOwnProfile } from '../../src/account/own-profile.ts'
import { createProvePresence } from '../../src/account/prove-presence.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { Audit } from '../../src/platform/audit/audit.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../src/platform/redis/turns.ts'
import { serveDesk } from '../admin/serve-desk.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { fakeAccounts } from './fake-accounts.ts'

export const RIGHT = 'the right password'
const NOBODY = { kind: 'user', id: 'alice', username: 'alice', client: null } as const

/** The own account over accounts in memory; what happens in it is noted in one list. */
export async function openAccounts() {
  const clock = testClock()
  const keycloak = fakeAccounts()
  const { accounts, users, done } = keycloak
  keycloak.add('alice')
  const audited: string[] = []
  const audit: Pick<Audit, 'change'> = {
    async change(event, change, describe) {
      try {
        const result = await change()
        audited.push(`${event.action} ok ${JSON.stringify({ before: event.before, ...describe?.(result) })}`)
        return result
      } catch (error) {
        audited.push(`${event.action} failed`)
        throw error
      }
    },
  }
  const report = { ended: 2, keycloak: 'ended' } as const
  const dates: number[] = []
  const administrators = new Set<string>()
  let issuedAt: number | undefined = 1
  const checkPassword = async ({ password }: { password: string }) => {
    if (password !== RIGHT) throw new GatewayError('PASSWORD_WRONG')
    return clock.now()
  }
  const count = async () => undefined
  const loginUrl = 'https://app.test/login?prompt=login'
  const provePresence = createProvePresence({ accounts, checkPassword, clock, loginUrl, count })
  const note = (what: string) => async () => {
    done.push(what)
    return report
  }
  const account = {
    profile: createOwnProfile({ accounts, users, audit, inTurn: createLocalTurns().run, log: silentLog }),
    changePassword: createOwnPassword({
      ...{ accounts, users, audit, count, checkPassword },
      async reissueSession(_id, at) {
        const before = issuedAt
        if (before !== undefined) issuedAt = at
        dates.push(at)
        return before
      },
      endOthers: note('end others'),
      elapsed: clock.now,
    }),
    leave: createLeave({
      ...{ accounts, users, audit, provePresence },
      keepAnAdministrator: createKeepAnAdministrator(rolesOf(administrators), createLocalTurns().run),
      endAll: note('end all'),
      endCredentials: async () => void done.push('end credentials'),
    }),
    credentials: createOwnCredentials({ accounts, provePresence, audit }),
  }
  let caller: Partial<Identity> = {}
  const claims = { ...the.caller(), id: 'alice', issuer: 'https://id.test', tenant: null, accessToken: 'opaque' }
  const auditor = () => ({ actor: NOBODY, address: null, correlationId: null })
  const served = await serveDesk({
    routers: (jsonBody) => [Router().use('/me', ownAccountRoutes({ account, jsonBody, auditor }))],
    caller: () => ({ method: 'session', sessionId: 's', ...claims, ...caller }) as Identity,
    below: '',
  })

  return {
    ...{ clock, keycloak, done, audited, dates, administrators },
    issuedAt: () => issuedAt,
    as(change: Partial<Identity>): void {
      caller = change
    },
    async ask(path: string, method = 'GET', sent?: object | string, more: Record<string, string> = {}) {
      const { status, headers, body } = await served.ask(method, path, sent, more)
      const { data, error } = body
      return { status, headers, data, error }
    },
    close: served.close,
  }
}

export type AccountWorld = Awaited<ReturnType<typeof openAccounts>>

/** Who of these people administers. */
function rolesOf(administrators: ReadonlySet<string>) {
  const role = { id: 'r', key: ADMINISTRATOR, name: 'admin', description: null, composite: false, clientUuid: null }
  return {
    effective: async (id: string) => (administrators.has(id) ? [role] : []),
    isHeldByAnother: async (_role: string, id: string) => [...administrators].some((other) => other !== id),
  }
}
