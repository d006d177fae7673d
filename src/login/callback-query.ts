import { GatewayError } from '../platform/errors/gateway-error.ts'

const MAX_VALUE = 4_096
/** Answers of flows and modes that were never asked for. */
const NEVER = ['access_token', 'id_token', 'token', 'response']
const ONCE = ['state', 'code', 'iss', 'error', 'error_description', 'session_state']

/**
 * Reads the provider's answer. A parameter that comes twice is refused (RFC 6749 section 3.1): one party might act on the
 * first, another on the second.
 * @throws GatewayError LOGIN_STATE_INVALID, or LOGIN_REJECTED for the answer of a flow that is not spoken here
 */
export function readCallback(query: string): { state: string } {
  const parameters = new URLSearchParams(query)
  for (const name of ONCE) {
    const values = parameters.getAll(name)
    if (values.length > 1) throw new GatewayError('LOGIN_STATE_INVALID', { reason: `${name} came twice` })
    if ((values[0]?.length ?? 0) > MAX_VALUE)
      throw new GatewayError('LOGIN_STATE_INVALID', { reason: `${name} is too long` })
  }
  for (const name of NEVER) {
    if (parameters.has(name)) throw new GatewayError('LOGIN_REJECTED', { reason: `${name} in the callback address` })
  }
  const state = parameters.get('state')
  if (state === null || !/^[\w-]{43}$/.test(state))
    throw new GatewayError('LOGIN_STATE_INVALID', { reason: 'no state, or not one of ours' })
  if (!parameters.has('code') && !parameters.has('error'))
    throw new GatewayError('LOGIN_STATE_INVALID', { reason: 'neither code nor error' })
  return { state }
}
