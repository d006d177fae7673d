import { GatewayError } from '../platform/errors/gateway-error.ts'
import { addressKey, type Limiter } from './limiter.ts'

/** Too many refused credentials from one address close the door for the rest of the window, before any work is done. */
export function createAuthFailures(limiter: Limiter | undefined) {
  const closed = new Map<string, number>()

  return {
    /** @throws GatewayError RATE_LIMITED */
    check(address: string): void {
      if (closed.size === 0) return
      const until = closed.get(addressKey(address))
      if (until === undefined) return
      const rest = Math.ceil((until - Date.now()) / 1000)
      if (rest > 0) throw new GatewayError('RATE_LIMITED', { headers: { 'Retry-After': String(rest) } })
      closed.delete(addressKey(address))
    },
    async count(address: string): Promise<void> {
      if (limiter === undefined) return
      const key = addressKey(address)
      try {
        await limiter.take(key)
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'RATE_LIMITED') return
        if (closed.size > 10_000) closed.clear()
        closed.set(key, Date.now() + Number(error.headers['Retry-After'] ?? 1) * 1000)
      }
    },
  }
}
