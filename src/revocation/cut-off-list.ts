import { hash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { CutOff } from './cut-offs.ts'

/** A cut-off as it is stored and sent: nobody's name in it. */
export interface NamelessCutOff {
  readonly kind: CutOff['kind']
  readonly key: string
  readonly at: number
}

/** What this process knows of cut-offs. */
export interface CutOffList {
  keyOf(subject: string | null): string
  /** Whether it is news. */
  add(cutOff: NamelessCutOff): boolean
  /** Until when; -Infinity where nothing is known. */
  until(kind: CutOff['kind'], subject: string): number
  /**
   * Whether a session is over. `iat` is in whole seconds: of a session that was issued in the very second of the cut-off nobody
   * can tell by it, so it is over if it was there when the cut-off became known, and whoever signs in after that may stay.
   */
  endsSession(subject: string, session: { issuedAt: number; createdAt: number }): boolean
  onNews(listener: () => void): void
}

interface Known {
  readonly at: number
  /** When it became known here, by this process's clock. */
  readonly since: number
}

const EVERYONE = '*'
const SECOND = 1_000
const SWEEP_MS = 60_000

/**
 * @param keepMs how long a cut-off matters: longer than any session or token lives
 */
export function createCutOffList(parts: { issuer: string; clock: Clock; keepMs: number }): CutOffList {
  const { issuer, clock, keepMs } = parts
  const known = { end: new Map<string, Known>(), renew: new Map<string, Known>() }
  const listeners: (() => void)[] = []
  let sweptAt = clock.now()

  const keyOf = (subject: string | null) =>
    subject === null ? EVERYONE : hash('sha256', `${issuer} ${subject}`, 'base64url')

  function sweep(now: number): void {
    if (now - sweptAt < SWEEP_MS) return
    sweptAt = now
    for (const moments of Object.values(known))
      for (const [key, { at }] of moments) if (at < now - keepMs) moments.delete(key)
  }

  /** Nearly always none: then nothing has to be hashed. */
  function concerning(kind: CutOff['kind'], subject: string): Known[] {
    const moments = known[kind]
    const everyone = moments.get(EVERYONE)
    const others = moments.size > (everyone === undefined ? 0 : 1)
    const person = others ? moments.get(keyOf(subject)) : undefined
    return [everyone, person].filter((one) => one !== undefined)
  }

  return {
    keyOf,
    add({ kind, key, at }) {
      sweep(clock.now())
      if (at <= (known[kind].get(key)?.at ?? Number.NEGATIVE_INFINITY)) return false
      known[kind].set(key, { at, since: clock.now() })
      for (const listener of listeners) listener()
      return true
    },
    until: (kind, subject) => Math.max(Number.NEGATIVE_INFINITY, ...concerning(kind, subject).map(({ at }) => at)),
    endsSession: (subject, { issuedAt, createdAt }) =>
      concerning('end', subject).some(
        ({ at, since }) => issuedAt + SECOND <= at || (issuedAt <= at && createdAt <= since),
      ),
    onNews: (listener) => void listeners.push(listener),
  }
}
