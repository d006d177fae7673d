import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../errors/gateway-error.ts'
import { RESOURCE_VERSION } from './resource-version.ts'

/**
 * The version that a write is based on: `If-Match` (RFC 9110 section 13.1.1) or the member `version`.
 * @param what is versioned, such as `a group`
 * @throws GatewayError INVALID_REQUEST for a header that is no version, or for two that differ
 */
export function requestVersion(req: IncomingMessage, inBody: string | undefined, what: string): string | undefined {
  const header = req.headers['if-match']
  if (header === undefined || header === '*') return inBody
  const version = /^"([^"]*)"$/.exec(header)?.[1]
  if (version === undefined || !RESOURCE_VERSION.test(version)) throw wrong('If-Match', `must be the ETag of ${what}`)
  if (inBody !== undefined && inBody !== version) throw wrong('version', 'differs from If-Match')
  return version
}

/** @throws GatewayError INVALID_REQUEST without a version */
export function requiredVersion(version: string | undefined): string {
  if (version === undefined) throw wrong('version', 'is missing: send the version you have read, here or as If-Match')
  return version
}

function wrong(field: string, problem: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', { details: { fields: [{ field, problem }] } })
}
