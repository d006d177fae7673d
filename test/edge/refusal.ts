import { GatewayError } from '../../src/platform/errors/gateway-error.ts'

/** The gateway's refusal that a call ends in, if it does; anything else it throws is thrown on. */
export function refusalIfAny(call: () => unknown): GatewayError | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

/** The same where there has to be one. */
export function refusalOf(call: () => unknown): GatewayError {
  const refusal = refusalIfAny(call)
  if (refusal === undefined) throw new Error('nothing was refused')
  return refusal
}

/** The same for what is refused later. */
export async function laterRefusalOf(call: () => Promise<unknown>): Promise<GatewayError> {
  try {
    await call()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
