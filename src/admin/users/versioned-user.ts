import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { UserDetail } from '../../platform/keycloak/keycloak-admin.ts'
import { changedSince, RESOURCE_VERSION, versionOf } from '../../platform/keycloak/resource-version.ts'

/** A user with the version of everything that administrators change. */
export type VersionedUser = UserDetail & { version: string }

/** What a version covers; always in this order. */
function covered({
  username,
  email,
  firstName,
  lastName,
  enabled,
  emailVerified,
  attributes,
  requiredActions,
}: UserDetail) {
  return { username, email, firstName, lastName, enabled, emailVerified, attributes, requiredActions }
}

export function withVersion(user: UserDetail): VersionedUser {
  return { ...user, version: versionOf(covered(user)) }
}

/** @throws GatewayError VERSION_CONFLICT telling what has changed since, and to what */
export function refuseStale(user: UserDetail, version: string | undefined): void {
  if (version === undefined) return
  const now = covered(user)
  const names = changedSince(version, now)
  if (names.length === 0) return
  const changed = names.map((field) => ({ field, now: now[field as keyof typeof now] }))
  throw new GatewayError('VERSION_CONFLICT', { details: { changed, version: versionOf(now) } })
}

/**
 * The version that a write is based on: `If-Match` (RFC 9110 section 13.1.1) or the member `version`.
 * @throws GatewayError INVALID_REQUEST for a header that is no version, or for two that differ
 */
export function versionOfRequest(req: IncomingMessage, inBody: string | undefined): string | undefined {
  const header = req.headers['if-match']
  if (header === undefined || header === '*') return inBody
  const version = /^"([^"]*)"$/.exec(header)?.[1]
  if (version === undefined || !RESOURCE_VERSION.test(version)) throw wrong('If-Match', 'must be the ETag of a user')
  if (inBody !== undefined && inBody !== version) throw wrong('version', 'differs from If-Match')
  return version
}

/** @throws GatewayError INVALID_REQUEST without a version */
export function neededVersion(version: string | undefined): string {
  if (version === undefined) throw wrong('version', 'is missing: send the version you have read, here or as If-Match')
  return version
}

function wrong(field: string, problem: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', { details: { fields: [{ field, problem }] } })
}
