import type { Clock } from '../../platform/clock.ts'
import { unavailable } from '../../platform/errors/gateway-error.ts'
import { createDeniedTokens } from './denied-tokens.ts'
import type { TokenDenylist } from './token-denylist.ts'

/** The denylist where this process is the only instance; it does not survive a restart. */
export function createMemoryTokenDenylist({ clock, maxSize }: { clock: Clock; maxSize: number }): TokenDenylist {
  const denied = createDeniedTokens({ clock, maxSize })
  return {
    async deny(key, until) {
      if (!denied.add(key, until)) throw unavailable('REVOCATIONS_UNAVAILABLE', 'the denylist in memory is full')
    },
    isDenied: denied.has,
  }
}
