import { createLocalJWKSet, errors, type FlattenedJWSInput, type JWK, type JWSHeaderParameters } from 'jose'
import type { Cache } from '../cache/cache.ts'
import type { Clock } from '../clock.ts'
import { type GatewayError, unavailable } from '../errors/gateway-error.ts'
import type { Fetch } from '../http/guarded-fetch.ts'
import type { Log } from '../observability/log.ts'

type LocalKeySet = ReturnType<typeof createLocalJWKSet>

export interface KeySetParts {
  jwksUri: () => Promise<string>
  fetch: Fetch
  /** Keeps expired key sets readable for `maxStale` seconds. */
  cache: Cache<LocalKeySet>
  /** Seconds an expired key set stays in use while the provider fails. */
  maxStale: number
  clock: Clock
  log: Log
  onStale: () => void
}

export interface KeySet {
  /** A key finder for jose; fetches once more when it does not know the key id. */
  (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey>
  /** Loads the key set if there is none; for readiness. */
  warmUp(): Promise<void>
}

const KEY = 'jwks'
const FORCED_PER_WINDOW = 3
const FORCED_WINDOW_MS = 30_000
const RETRY_AFTER_FAILURE_MS = 2_000

/**
 * The provider's signing keys: cached, one fetch in flight, the last good set in use within a bound while the provider
 * fails. jose's own remote set has no stale-if-error and forgets its cooldown when fetches fail.
 */
export function createKeySet(parts: KeySetParts): KeySet {
  const { cache, clock, log, maxStale } = parts
  let running: Promise<LocalKeySet> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let forced: number[] = []

  async function load(): Promise<LocalKeySet> {
    try {
      const keys = await fetchKeySet(parts)
      cache.set(KEY, keys)
      failedAt = Number.NEGATIVE_INFINITY
      return keys
    } catch (error) {
      failedAt = clock.now()
      throw error
    }
  }

  /** One fetch in flight; everyone who needs one joins it. */
  function loadOnce(): Promise<LocalKeySet> {
    running ??= load().finally(() => {
      running = undefined
    })
    return running
  }

  function stale(error: unknown): LocalKeySet {
    const last = cache.peek(KEY)
    if (last === undefined || last.ageMs > (cache.info().ttl + maxStale) * 1000) {
      throw unavailable('JWKS_UNAVAILABLE', 'no usable key set', error)
    }
    parts.onStale()
    log.warn('the key set cannot be fetched; the last good one stays in use', { error })
    return last.value
  }

  async function current(): Promise<LocalKeySet> {
    const fresh = cache.get(KEY)
    if (fresh !== undefined) return fresh
    if (clock.now() - failedAt < RETRY_AFTER_FAILURE_MS) return stale(new Error('the last fetch failed a moment ago'))
    try {
      return await loadOnce()
    } catch (error) {
      return stale(error)
    }
  }

  /** An unknown key id may be a new key: worth a fetch at once, but a flood of made-up ids is not. */
  function mayForce(): boolean {
    const now = clock.now()
    forced = forced.filter((at) => now - at < FORCED_WINDOW_MS)
    if (forced.length >= FORCED_PER_WINDOW) return false
    forced.push(now)
    return true
  }

  /** A key set that is newer than the one without the key, if there is one. @throws GatewayError when nobody can say */
  async function newerThan(keys: LocalKeySet): Promise<LocalKeySet | undefined> {
    const latest = cache.peek(KEY)?.value
    if (latest !== undefined && latest !== keys) return latest
    // Joining costs nothing; in the middle of a rotation hundreds of calls come here at once.
    if (running === undefined && !mayForce()) {
      if (failedAt === Number.NEGATIVE_INFINITY) return undefined
      throw unheardOf(new Error('the last fetch failed'))
    }
    return loadOnce().catch((error: unknown) => {
      throw unheardOf(error)
    })
  }

  const keySet = async (header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> => {
    const keys = await current()
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const newer = await newerThan(keys)
      if (newer === undefined) throw error
      return newer(header, token)
    }
  }
  return Object.assign(keySet, { warmUp: async () => void (await current()) })
}

/** A key that nobody here knows may exist all the same while the provider cannot be asked. */
function unheardOf(error: unknown): GatewayError {
  return unavailable('JWKS_UNAVAILABLE', 'an unknown key id, and the key set cannot be fetched', error)
}

async function fetchKeySet({ jwksUri, fetch }: KeySetParts): Promise<LocalKeySet> {
  const response = await fetch(await jwksUri(), { headers: { accept: 'application/json, application/jwk-set+json' } })
  if (response.status !== 200) throw new Error(`the key set was answered with ${response.status}`)
  const body = (await response.json()) as { keys?: unknown } | null
  const keys = Array.isArray(body?.keys) ? body.keys.flatMap(usableKey) : []
  if (keys.length === 0) throw new Error('the key set holds no usable key')
  return createLocalJWKSet({ keys })
}

const REQUIRED: Record<string, readonly string[]> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }
const COMMON = ['kty', 'kid', 'alg', 'use', 'key_ops']

/**
 * The public half of a key that may sign. Keys of kinds one does not know or with parts missing are passed over (RFC 7517
 * section 5), so are encryption keys; a private half that was published by mistake is not even looked at.
 */
function usableKey(key: unknown): JWK[] {
  const members = Object.entries(key ?? {}) as [string, unknown][]
  const { kty, use } = Object.fromEntries(members)
  const required = typeof kty === 'string' && Object.hasOwn(REQUIRED, kty) ? (REQUIRED[kty] ?? []) : undefined
  if (required === undefined || (use !== undefined && use !== 'sig')) return []
  const known = members.filter(([name]) => COMMON.includes(name) || required.includes(name))
  const complete = required.every((name) => known.some((member) => member[0] === name && typeof member[1] === 'string'))
  return complete ? [Object.fromEntries(known) as unknown as JWK] : []
}
