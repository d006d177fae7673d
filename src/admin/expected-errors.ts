import type { ErrorCode } from '../platform/errors/error-codes.ts'

/** What every read may be answered with. */
export const READING: readonly ErrorCode[] = ['KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED']

/** What every write may be answered with. */
export const WRITING: readonly ErrorCode[] = [
  ...READING,
  'AUDIT_UNAVAILABLE',
  'CHANGE_IN_PROGRESS',
  'COORDINATION_UNAVAILABLE',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
]
