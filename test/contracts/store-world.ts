import type { SessionData } from 'express-session'
import type { SessionTokens } from '../../src/identity/session/session.ts'
import type { SessionStore } from '../../src/identity/session/session-store.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { the } from '../support/the.ts'

export interface StoreWorld {
  store: SessionStore
  clock: Clock
  /** Milliseconds. */
  pass(milliseconds: number): Promise<void>
}

/** Seconds; every implementation is made with it. */
export const IDLE_TIMEOUT = 1_800
export const IDLE_MS = IDLE_TIMEOUT * 1_000
export const ABSOLUTE_MS = 28_800_000
/** Expiry in Redis runs on, whatever the test's clock says. */
export const SLACK_MS = 9_000

/** Opens a session as a login does: its tokens first, then itself. */
export async function open({ store, clock }: StoreWorld, id: string, tokens: SessionTokens = the.tokens(clock.now())) {
  await store.addTokens(id, tokens)
  await save(store, id, { record: the.record(clock.now()) })
}

const COOKIE = { originalMaxAge: null, httpOnly: true, path: '/' }

/** Saves as express-session does; a session made by `adopt` counts as loaded. */
export function save(store: SessionStore, id: string, data: Partial<SessionData>): Promise<void> {
  const whole = 'cookie' in data ? data : { cookie: COOKIE, ...data }
  return new Promise((resolve, reject) =>
    store.express.set(id, whole as SessionData, (error) => (error ? reject(error) : resolve())),
  )
}

/** Loads as express-session does. */
export function load(store: SessionStore, id: string): Promise<SessionData | null> {
  return new Promise((resolve, reject) =>
    store.express.get(id, (error, data) => (error ? reject(error) : resolve(data ?? null))),
  )
}

/** What express-session makes of loaded data for a request. */
export function adopt(store: SessionStore, data: SessionData | null): SessionData {
  if (data === null) throw new Error('there was nothing to adopt')
  const req = { sessionStore: store.express }
  return store.express.createSession(req as never, data)
}
