import type { Log } from '../observability/log.ts'

export interface OutageLog {
  begins(error: unknown): void
  ends(): void
}

/** Tells of an outage once when it begins and once when it is over, however often Redis is tried in between. */
export function createOutageLog(log: Log, about: Record<string, unknown> = {}): OutageLog {
  let said: 'nothing' | 'away' | 'refused' = 'nothing'
  return {
    begins(error) {
      const text = error instanceof Error ? error.message : String(error)
      const now = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(text) ? 'refused' : 'away'
      if (said === now || (said === 'refused' && now === 'away')) return
      said = now
      // Nothing mends a wrong password but a person.
      if (now === 'refused')
        log.error('Redis refuses the gateway; correct the user and the password in its settings', {
          ...about,
          error: text,
        })
      else log.warn('Redis is not reachable', { ...about, error: text })
    },
    ends() {
      if (said !== 'nothing') log.info('Redis is reachable again', about)
      said = 'nothing'
    },
  }
}
