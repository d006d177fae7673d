import { type ErrorCode, errorCodes } from './error-codes.ts'

export interface GatewayErrorOptions {
  /** Shown to the caller under `error.details`; never secrets, never on 5xx. */
  details?: Record<string, unknown>
  /** What an OAuth endpoint says of it instead of the code (RFC 6749 section 5.2). */
  oauth?: { error: string; description: string }
  /** Extra response headers, such as `WWW-Authenticate` or `Retry-After`. */
  headers?: Record<string, string>
  /** For the log only: why, in the words of whoever has to act. */
  reason?: string
  cause?: unknown
}

/** A failure with a stable code. Thrown anywhere, rendered in one place (`error-handler.ts`). */
export class GatewayError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: Record<string, unknown>
  readonly headers: Record<string, string>
  readonly oauth: { error: string; description: string } | undefined
  readonly reason: string

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    super(errorCodes[code].message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'GatewayError'
    this.code = code
    this.status = errorCodes[code].status
    this.details = options.details ?? {}
    this.headers = options.headers ?? {}
    this.oauth = options.oauth
    this.reason = options.reason ?? code
  }
}

/** A dependency is down: the same error with `Retry-After` in seconds (RFC 9110 section 10.2.3). */
export function unavailable(code: ErrorCode, reason: string, cause?: unknown, retryAfter = 5): GatewayError {
  return new GatewayError(code, { reason, cause, headers: { 'Retry-After': String(retryAfter) } })
}
