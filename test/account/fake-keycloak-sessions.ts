import { GatewayError, unavailable } from '../../src/platform/errors/gateway-error.ts'
import type { KeycloakSessions, SsoSession } from '../../src/platform/keycloak/sessions/keycloak-sessions.ts'

/** Keycloak's sessions in memory. */
export interface FakeKeycloakSessions extends KeycloakSessions {
  /** Signs somebody in at Keycloak. */
  open(userId: string, sid: string, more?: Partial<SsoSession>): void
  /** How it fails from now on. */
  fail(how: 'away' | 'refuses' | 'not at all'): void
  /** Throws while it fails. */
  look(): void
  /** Ids of all that live. */
  sids(): string[]
  /** Called when a session ends, before the caller is answered. */
  onEnd: (sid: string) => Promise<void>
  forget(userId: string): void
}

export function fakeKeycloakSessions(now: () => number): FakeKeycloakSessions {
  const people = new Map<string, SsoSession[]>()
  let fault: 'away' | 'refuses' | 'not at all' = 'not at all'
  function answer(): void {
    if (fault === 'away') throw unavailable('KEYCLOAK_UNAVAILABLE', 'nobody answers')
    if (fault === 'refuses') throw new GatewayError('KEYCLOAK_REFUSED')
  }
  const fake: FakeKeycloakSessions = {
    onEnd: async () => undefined,
    look: answer,
    open(userId, sid, more = {}) {
      const session = { sid, offline: false, address: '198.51.100.1', startedAt: now(), lastSeenAt: now() }
      const known = people.get(userId) ?? []
      people.set(userId, sid === '' ? known : [...known, { ...session, clients: ['cloakroom'], ...more }])
    },
    fail(how) {
      fault = how
    },
    sids: () => [...people.values()].flat().map(({ sid }) => sid),
    forget: (userId) => void people.delete(userId),
    async ofUser(userId) {
      answer()
      const sessions = people.get(userId)
      if (sessions === undefined) throw new GatewayError('USER_NOT_FOUND')
      return structuredClone(sessions)
    },
    async end(sid) {
      answer()
      const before = fake.sids().length
      for (const [userId, sessions] of people) {
        const left = sessions.filter((session) => session.sid !== sid)
        people.set(userId, left)
      }
      if (fake.sids().length === before) return false
      await fake.onEnd(sid)
      return true
    },
  }
  return fake
}
