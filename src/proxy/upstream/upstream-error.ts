import { GatewayError, unavailable } from '../../platform/errors/gateway-error.ts'
import { tlsFailure } from '../../platform/tls/tls-failure.ts'

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])

/** What a failed call to an upstream means to the caller; hosts and causes stay in the log. */
export function upstreamError(error: unknown, upstream: string): GatewayError {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof GatewayError) return at
    const { code } = at as NodeJS.ErrnoException
    if (code !== undefined && TIMEOUTS.has(code))
      return new GatewayError('UPSTREAM_TIMEOUT', { reason: `${upstream}: ${code}`, cause: error })
    const failure = code === undefined ? undefined : tlsFailure(code)
    if (failure !== undefined)
      return new GatewayError('UPSTREAM_UNAVAILABLE', {
        reason: `${upstream}: TLS: ${failure} (${code})`,
        cause: error,
      })
  }
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : 'unknown'
  return new GatewayError('UPSTREAM_UNAVAILABLE', { reason: `${upstream}: ${code}`, cause: error })
}

export function upstreamOverloaded(upstream: string): GatewayError {
  return unavailable('UPSTREAM_OVERLOADED', `${upstream}: too many requests wait for it`, undefined, 1)
}
