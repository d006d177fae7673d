import type { Fetch } from '../platform/http/guarded-fetch.ts'
import type { Guard } from '../platform/http/resilience.ts'
import type { Turns } from '../platform/redis/turns.ts'

/** No write is begun by whoever may have lost the turn for it. */
export function checkTurn(guard: Guard, { check }: Turns): Guard {
  return {
    ...guard,
    async execute(call) {
      await check()
      return guard.execute(call)
    },
  }
}

/** The same for calls by HTTP; reading needs no turn. */
export function checkTurnOfWrites(fetch: Fetch, { check }: Turns): Fetch {
  return async (url, init) => {
    if (init.method !== undefined && init.method !== 'GET') await check()
    return fetch(url, init)
  }
}
