import type { Lease } from './refresh-lease.ts'
import type { SessionStore } from './session-store.ts'

export interface ReissueSessionParts {
  store: Pick<SessionStore, 'read' | 'replaceTokens' | 'index'>
  lease: Lease
}

/**
 * Dates the sign-in of a session anew, for a person who has just proved themselves again: what ends all earlier sign-ins, as
 * a change of password does, then leaves this session alone.
 * @param issuedAt milliseconds since the epoch, by the provider's clock
 * @returns when it was dated before, or undefined when there is no such session any more
 * @throws GatewayError SESSION_STORE_UNAVAILABLE
 */
export type ReissueSession = (id: string, issuedAt: number) => Promise<number | undefined>

export function createReissueSession({ store, lease }: ReissueSessionParts): ReissueSession {
  return async function reissueSession(id, issuedAt) {
    return lease.run(id, async ({ fence }) => {
      const session = await store.read(id)
      if (session === undefined) return undefined
      const record = { ...session.record, issuedAt }
      const tokens = { ...session.tokens, version: session.tokens.version + 1 }
      if (!(await store.replaceTokens(id, tokens, record, fence))) return undefined
      await store.index(id, record)
      return session.record.issuedAt
    })
  }
}
