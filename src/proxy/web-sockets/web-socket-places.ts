import { GatewayError, unavailable } from '../../platform/errors/gateway-error.ts'

export interface PlacesParts {
  /** Sockets at once. */
  max: number
  maxPerCaller: number
}

/**
 * Counts open WebSockets; the answer gives the place back.
 * @throws GatewayError TOO_MANY_WEBSOCKETS or WEBSOCKETS_EXHAUSTED
 */
export type TakePlace = (caller: string) => () => void

const RETRY_SECONDS = 5

export function createWebSocketPlaces({ max, maxPerCaller }: PlacesParts): TakePlace {
  const byCaller = new Map<string, number>()
  let taken = 0
  return function takePlace(caller) {
    const own = byCaller.get(caller) ?? 0
    if (own >= maxPerCaller)
      throw new GatewayError('TOO_MANY_WEBSOCKETS', {
        details: { limit: maxPerCaller },
        headers: { 'Retry-After': String(RETRY_SECONDS) },
      })
    if (taken >= max) throw unavailable('WEBSOCKETS_EXHAUSTED', `${max} WebSockets are open`)
    taken++
    byCaller.set(caller, own + 1)
    let given = false
    return function leave() {
      if (given) return
      given = true
      taken--
      const rest = (byCaller.get(caller) ?? 1) - 1
      if (rest > 0) byCaller.set(caller, rest)
      else byCaller.delete(caller)
    }
  }
}
