import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { createKeepAnAdministrator } from '../../src/access/keep-an-administrator.ts'
import { ADMINISTRATOR } from '../../src/access/permissions.ts'
import { createLeave } from '../../src/account/leave.ts'
import { ownAccountRoutes } from '../../src/account/own-account-routes.ts'
import { createOwnCredentials } from '../../src/account/own-credentials.ts'
import { createOwnPassword } from '../../src/account/own-password.ts'
import { createOwnProfile } from '../../src/account/own-profile.ts'
import { createProvePresence } from '../../src/account/prove-presence.ts'
import { type Identity, setIdentity } from '../../src/identity/identity.ts'
import type { Audit } from '../../src/platform/audit/audit.ts'
import { failure } from '../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { jsonBody } from '../../src/platform/http/json-body.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { attachContext } from '../../src/platform/observability/request-context.ts'
import { createLocalTurns } from '../../src/platform/redis/turns.ts'
import { contextFor } from '../platform/observability/context-for.ts'
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
  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    const claims = { ...the.caller(), id: 'alice', issuer: 'https://id.test', tenant: null, accessToken: 'opaque' }
    setIdentity(req, { method: 'session', sessionId: 's', ...claims, ...caller } as Identity)
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const auditor = () => ({ actor: NOBODY, address: null, correlationId: null })
  const routes = ownAccountRoutes({ account, jsonBody: jsonBody(() => undefined), auditor })
  const server = express().use(arrive).use('/me', routes).use(onError).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    ...{ clock, keycloak, done, audited, dates, administrators },
    issuedAt: () => issuedAt,
    as(change: Partial<Identity>): void {
      caller = change
    },
    async ask(path: string, method = 'GET', body?: object | string, more: Record<string, string> = {}) {
      const headers = { 'content-type': 'application/json', ...more }
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const answer = await fetch(url + path, {
        method,
        ...(body === undefined ? { headers: more } : { headers, body: text }),
      })
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
      const { data, error } = (await answer.json()) as any
      return { status: answer.status, headers: answer.headers, data, error }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
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
