import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import type { Clock } from '../platform/clock.ts'
import { endsLogin, type LogoutMarks, type LogoutMoment, type LogoutTarget, MARK_SECONDS } from './logout-marks.ts'

/** Logout marks in this process, for development and tests. */
export function createMemoryLogoutMarks(clock: Clock): LogoutMarks {
  const limits = { ttl: MARK_SECONDS, maxSize: 100_000, clock }
  const seen = createMemoryCache<true>({ name: 'logout_tokens', ...limits })
  const marks = createMemoryCache<LogoutMoment>({ name: 'logout_marks', ...limits })
  return {
    async firstTime(jti) {
      const isNew = seen.get(jti) === undefined
      seen.set(jti, true)
      return isNew
    },
    async forget(jti) {
      seen.delete(jti)
    },
    async mark(target, moment) {
      for (const key of keysOf(target)) {
        const before = marks.get(key) ?? moment
        marks.set(key, {
          issuedAt: Math.max(before.issuedAt, moment.issuedAt),
          receivedAt: Math.max(before.receivedAt, moment.receivedAt),
        })
      }
    },
    isEnded: async (who, login) =>
      keysOf(who).some((key) => {
        const moment = marks.get(key)
        return moment !== undefined && endsLogin(moment, login)
      }),
  }
}

function keysOf({ providerSessionId, subject }: LogoutTarget): string[] {
  return [
    ...(providerSessionId === undefined ? [] : [`sid ${providerSessionId}`]),
    ...(subject === undefined ? [] : [`sub ${subject}`]),
  ]
}
