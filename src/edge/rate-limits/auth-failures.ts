import { type Clock, systemClock } from '../../platform/clock.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { addressKey, type Limiter } from './limiter.ts'

const MAX_CLOSED = 10_000

/** As many refused credentials from one address as the limit says close the door for a while, before any work is done. */
export function createAuthFailures(limiter: Limiter | undefined, clock: Clock = systemClock) {
  const closed = new Map<string, number>()

  function close(key: string, seconds: number): void {
    if (closed.size >= MAX_CLOSED) closed.clear()
    closed.set(key, clock.now() + seconds * 1000)
  }

  return {
    /** @throws GatewayError RATE_LIMITED, with `Retry-After` */
    check(address: string): void {
      if (closed.size === 0) return
      const until = closed.get(addressKey(address))
      if (until === undefined) return
      const rest = Math.ceil((until - clock.now()) / 1000)
      if (rest <= 0) {
        closed.delete(addressKey(address))
        return
      }
      limiter?.noteRefusal()
      throw new GatewayError('RATE_LIMITED', { headers: { 'Retry-After': String(rest) } })
    },
    async count(address: string): Promise<void> {
      if (limiter === undefined) return
      const key = addressKey(address)
      try {
        const { remaining, retryAfter } = await limiter.take(key)
        if (remaining === 0) close(key, retryAfter)
      } catch (error) {
        // A counter that is away must not keep anyone out.
        if (error instanceof GatewayError && error.code === 'RATE_LIMITED')
          close(key, Number(error.headers['Retry-After'] ?? 1))
      }
    },
  }
}
