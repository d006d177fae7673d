import type { Request, Response } from 'express'
import { success } from '../platform/errors/envelope.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf } from '../platform/observability/request-context.ts'

/** What was read, and how many milliseconds old it is when it could not be read anew. */
export interface MaybeStale<T> {
  value: T
  ageMs?: number | undefined
}

/**
 * What is read, or, while Keycloak is away or its breaker is open, what was last known of it.
 * @param isAway whether the breaker is open; what is read then comes from a cache, however fresh it is
 * @throws GatewayError KEYCLOAK_UNAVAILABLE when nothing is known, and whatever else `read` throws
 */
export async function readOrLastKnown<T>(
  read: () => Promise<T>,
  lastKnown: () => MaybeStale<T> | undefined,
  isAway: () => boolean,
): Promise<MaybeStale<T>> {
  try {
    const value = await read()
    return (isAway() ? lastKnown() : undefined) ?? { value }
  } catch (error) {
    const isUnavailable = error instanceof GatewayError && error.code === 'KEYCLOAK_UNAVAILABLE'
    const known = isUnavailable ? lastKnown() : undefined
    if (known === undefined) throw error
    return known
  }
}

/**
 * Answers in the envelope; what is stale is marked, with its age in seconds: `metadata.stale` and `metadata.age`, and the
 * headers `Age` (RFC 9111 section 5.1) and `Cache-Status` (RFC 9211).
 */
export function answerMaybeStale(
  req: Request,
  res: Response,
  message: string,
  { ageMs }: Pick<MaybeStale<unknown>, 'ageMs'>,
  data: object,
): void {
  res.setHeader('Cache-Control', 'no-store')
  const body = success(data, message, contextOf(req).requestId)
  if (ageMs === undefined) return void res.json(body)
  const age = Math.floor(ageMs / 1000)
  res.setHeader('Age', age)
  res.setHeader('Cache-Status', 'cloakroom; hit; detail=stale')
  res.json({ ...body, message: `${message}, as last known`, metadata: { ...body.metadata, stale: true, age } })
}
