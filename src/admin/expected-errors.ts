import type { ErrorCode } from '../platform/errors/error-codes.ts'

const reading: readonly ErrorCode[] = ['KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED']
const writing: readonly ErrorCode[] = [
  ...reading,
  'AUDIT_UNAVAILABLE',
  'CHANGE_IN_PROGRESS',
  'COORDINATION_UNAVAILABLE',
  'UNSUPPORTED_MEDIA_TYPE',
  'PAYLOAD_TOO_LARGE',
]

/** What every read and every write may be answered with. */
export const expectedErrors = { reading, writing }
