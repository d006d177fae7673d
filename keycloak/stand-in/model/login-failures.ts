import type { Clock } from '../clock.ts'
import type { RealmSettings } from './realm-settings.ts'

/** What the admin API says of one person's failed logins. */
export type FailureStatus = {
  failedLoginNotBefore: number
  numFailures: number
  numTemporaryLockouts: number
  disabled: boolean
  numSecondaryAuthFailures: number
  lastIPFailure: string
  lastFailure: number
}

export type LoginFailures = {
  /** Whether this person may not even try now. */
  isLocked(userId: string): boolean
  /** Counts a wrong password; answers whether the account is to be disabled for good (`permanentLockout`). */
  failed(userId: string, address: string): boolean
  succeeded(userId: string): void
  status(userId: string): FailureStatus
  clear(userId: string): void
  clearAll(): void
  /** Runs one login of this person; another one at the same moment is turned away, as in Keycloak. */
  oneAtATime<T>(userId: string, login: () => Promise<T>, busy: () => T): Promise<T>
}

type FailureRecord = { failures: number; lockouts: number; lastFailure: number; address: string; notBefore: number }

const fallback = {
  failureFactor: 30,
  waitIncrementSeconds: 60,
  quickLoginCheckMilliSeconds: 1000,
  minimumQuickLoginWaitSeconds: 60,
  maxFailureWaitSeconds: 900,
  maxDeltaTimeSeconds: 43200,
}

/** Brute-force detection as the realm's settings say; without `bruteForceProtected` nothing is counted or refused. */
export function createLoginFailures(clock: Clock, settings: () => RealmSettings): LoginFailures {
  const records = new Map<string, FailureRecord>()
  const running = new Set<string>()
  const on = () => settings().bruteForceProtected === true
  const locked = (userId: string) => (records.get(userId)?.notBefore ?? 0) > clock.seconds()

  function waitSeconds(record: FailureRecord, sinceLast: number) {
    const rules = { ...fallback, ...settings() }
    const rounds = Math.floor(record.failures / rules.failureFactor)
    const tooQuick = sinceLast < rules.quickLoginCheckMilliSeconds
    const wait = rounds * rules.waitIncrementSeconds || (tooQuick ? rules.minimumQuickLoginWaitSeconds : 0)
    return Math.min(wait, rules.maxFailureWaitSeconds)
  }

  return {
    isLocked: (userId) => on() && locked(userId),
    failed(userId, address) {
      if (!on() || locked(userId)) return false
      const rules = { ...fallback, ...settings() }
      const before = records.get(userId)
      const sinceLast = before ? clock.now() - before.lastFailure : Number.POSITIVE_INFINITY
      const kept = before && sinceLast <= rules.maxDeltaTimeSeconds * 1000 ? before : undefined
      const record = {
        failures: (kept?.failures ?? 0) + 1,
        lockouts: kept?.lockouts ?? 0,
        lastFailure: clock.now(),
        address,
        notBefore: 0,
      }
      records.set(userId, record)
      if (rules.permanentLockout && record.failures >= rules.failureFactor) return true
      const wait = waitSeconds(record, sinceLast)
      if (wait > 0) {
        record.notBefore = clock.seconds() + wait
        record.lockouts += 1
      }
      return false
    },
    succeeded: (userId) => void records.delete(userId),
    status(userId) {
      const record = records.get(userId)
      return {
        failedLoginNotBefore: record?.notBefore ?? 0,
        numFailures: record?.failures ?? 0,
        numTemporaryLockouts: record?.lockouts ?? 0,
        disabled: locked(userId),
        numSecondaryAuthFailures: 0,
        lastIPFailure: record?.address ?? 'n/a',
        lastFailure: record?.lastFailure ?? 0,
      }
    },
    clear: (userId) => void records.delete(userId),
    clearAll: () => records.clear(),
    async oneAtATime(userId, login, busy) {
      if (!on()) return login()
      if (running.has(userId)) return busy()
      running.add(userId)
      try {
        return await login()
      } finally {
        running.delete(userId)
      }
    },
  }
}
