import type { ErrorCode } from './error-codes.ts'
import { GatewayError } from './gateway-error.ts'

const NO_JSON = 'entity.parse.failed'
const NOT_JSON = { fields: [{ field: '(body)', problem: 'must be an object in JSON' }] }
const BODY_PARSER: Record<string, ErrorCode> = {
  'entity.too.large': 'PAYLOAD_TOO_LARGE',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  [NO_JSON]: 'INVALID_REQUEST',
  'request.aborted': 'INVALID_REQUEST',
  'request.size.invalid': 'INVALID_REQUEST',
  'parameters.too.many': 'INVALID_REQUEST',
  'querystring.parse.rangeError': 'INVALID_REQUEST',
}

/** Turns any thrown thing into a GatewayError: body parsers and routers have their own errors, all else is ours to mend. */
export function fromStranger(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const { type, status } = (thrown ?? {}) as { type?: unknown; status?: unknown }
  const known = typeof type === 'string' && Object.hasOwn(BODY_PARSER, type) ? BODY_PARSER[type] : undefined
  if (known !== undefined)
    return new GatewayError(known, { cause: thrown, ...(type === NO_JSON && { details: NOT_JSON }) })
  if (thrown instanceof URIError) return new GatewayError('INVALID_PATH', { cause: thrown })
  if (status === 400) return new GatewayError('INVALID_REQUEST', { cause: thrown })
  return new GatewayError('INTERNAL_ERROR', { cause: thrown, reason: 'an error nobody expected' })
}
