import type { GatewayError } from './gateway-error.ts'

/** Of the gateway's own API. */
export const API_VERSION = '1.0'

interface Metadata {
  timestamp: string
  version: string
  correlationId: string
}

export interface SuccessEnvelope<T> {
  success: true
  message: string
  data: T
  metadata: Metadata
}

/** The success shape of every own endpoint (design section 3). */
export function success<T>(data: T, message: string, correlationId: string): SuccessEnvelope<T> {
  return { success: true, message, data, metadata: metadata(correlationId) }
}

/** The failure shape of every own endpoint (design section 3). */
export function failure(error: GatewayError, correlationId: string) {
  const meta = metadata(correlationId)
  return {
    success: false as const,
    error: {
      message: error.message,
      code: error.code,
      details: publicDetails(error),
      correlationId,
      timestamp: meta.timestamp,
    },
    metadata: meta,
  }
}

/** The same failure as problem details (RFC 9457 section 3). */
export function problemDetails(error: GatewayError, correlationId: string) {
  return {
    type: `urn:cloakroom:error:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: error.message,
    status: error.status,
    instance: `urn:cloakroom:request:${correlationId}`,
    code: error.code,
    details: publicDetails(error),
  }
}

/** A 5xx never explains itself to the caller, whatever was put into it. */
function publicDetails({ status, details }: GatewayError): Record<string, unknown> {
  return status >= 500 ? {} : details
}

function metadata(correlationId: string): Metadata {
  return { timestamp: new Date().toISOString(), version: API_VERSION, correlationId }
}
