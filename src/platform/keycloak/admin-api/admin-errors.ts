import { GatewayError, unavailable } from '../../errors/gateway-error.ts'
import { DependencyFailure, dependencyFailureIn } from '../../http/dependency-failure.ts'

/** The admin client's NetworkError carries the response; its class has no name of its own to go by. */
export function isStatus(error: unknown, status: number): boolean {
  return statusOf(error) === status
}

/** Sorts what the admin client throws: 5xx, time-outs and network faults count against the breaker, answers do not. */
export function asDependencyFailure(error: unknown): unknown {
  if (error instanceof GatewayError) return error
  const status = statusOf(error)
  if (status !== undefined && status >= 500)
    return new DependencyFailure('server-error', `the admin API answered ${status}`, error)
  if (status !== undefined) return error
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new DependencyFailure('timeout', 'the admin API did not answer in time', error)
  if (error instanceof TypeError) return new DependencyFailure('network', 'the admin API cannot be reached', error)
  return error
}

/** What a failed admin call means to the caller. */
export function adminError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  const failure = dependencyFailureIn(error)
  if (failure !== undefined) return unavailable('KEYCLOAK_UNAVAILABLE', failure.message, error)
  const status = statusOf(error)
  if (status === 404) return new GatewayError('NOT_FOUND', { cause: error })
  if (status === 401 || status === 403) {
    return new GatewayError('KEYCLOAK_REFUSED', {
      reason: `the admin API answered ${status}: look at the roles of the service account`,
      cause: error,
    })
  }
  if (status === 429) return unavailable('KEYCLOAK_UNAVAILABLE', 'the admin API limits us', error)
  if (status === 400) return new GatewayError('INVALID_REQUEST', { reason: 'the admin API answered 400', cause: error })
  return new GatewayError('INTERNAL_ERROR', { reason: 'the admin API call failed', cause: error })
}

function statusOf(error: unknown): number | undefined {
  const response = (error as { response?: unknown } | null | undefined)?.response
  return response instanceof Response ? response.status : undefined
}
