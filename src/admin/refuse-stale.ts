import { GatewayError } from '../platform/errors/gateway-error.ts'
import { changedSince, versionOf } from '../platform/keycloak/people/resource-version.ts'

/**
 * Refuses a write that is based on what is no longer so.
 * @param now everything the version covers, always in the same order
 * @param version undefined when the caller does not care
 * @throws GatewayError VERSION_CONFLICT telling what has changed since, and to what
 */
export function refuseStale(now: Readonly<Record<string, unknown>>, version: string | undefined): void {
  if (version === undefined) return
  const names = changedSince(version, now)
  if (names.length === 0) return
  const changed = names.map((field) => ({ field, now: now[field] }))
  throw new GatewayError('VERSION_CONFLICT', { details: { changed, version: versionOf(now) } })
}
