import type { CustomFetch } from 'openid-client'
import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import type { Config } from '../platform/config/config.ts'
import { createGuardedFetch } from '../platform/http/guarded-fetch.ts'
import { createAdminToken } from '../platform/keycloak/admin-api/admin-token.ts'
import { createHttpKeycloakEvents } from '../platform/keycloak/events/http-keycloak-events.ts'
import type { KeycloakEvents } from '../platform/keycloak/events/keycloak-events.ts'
import { createSoleLeadership } from '../platform/redis/leadership.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import { createRedisLeadership } from '../platform/redis/redis-leadership.ts'
import { createAskStanding } from '../revocation/ask-standing.ts'
import { createCarryOut } from '../revocation/carry-out.ts'
import type { CutOffs } from '../revocation/cut-offs.ts'
import { createFollowEvents } from '../revocation/follow-events.ts'
import { createMemoryCutOffs } from '../revocation/memory-cut-offs.ts'
import { createMemoryProgress } from '../revocation/progress.ts'
import { createRedisCutOffs } from '../revocation/redis-cut-offs.ts'
import { createRedisProgress } from '../revocation/redis-progress.ts'
import type { RevalidateSessionParts } from '../revocation/revalidate-session.ts'
import { createWatch, type Watch } from '../revocation/watch.ts'
import type { Caches } from './caches.ts'
import { createForgetOutdated } from './forget-outdated.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Sessions } from './sessions.ts'

export interface Revocation {
  cutOffs: CutOffs
  withoutEvents: RevalidateSessionParts['withoutEvents']
  /** The watch over the realm's events, or undefined where there is nothing to watch. */
  watch(sessions: Sessions, caches: Caches): Watch | undefined
}

const CALL_MS = 5_000
const DAY = 86_400
const HEARTBEAT_MS = 1_000

/** What the gateway does to learn of revocations that nobody tells it. */
export function assembleRevocation(config: Config, foundation: Foundation, provider: Provider): Revocation {
  const { clock, log, metrics, redis, bus } = foundation
  const { interval } = config.revocation
  const { issuer } = config.provider
  const { absoluteTimeout } = config.session
  const keepMs = Math.max(absoluteTimeout, DAY) * 1000
  const cutOffs =
    redis === undefined || bus === undefined
      ? createMemoryCutOffs({ issuer, clock, keepMs })
      : createRedisCutOffs({ redis, bus, clock, issuer, keepMs })
  const progress = redis === undefined ? createMemoryProgress() : createRedisProgress(redis)
  const events = interval === undefined ? undefined : connectEvents(config, foundation, provider)
  const intervalMs = (interval ?? 0) * 1000
  // Three times in an interval, so that one that fails does not break the promise.
  const pollMs = Math.max(250, intervalMs / 3)
  let covered = true

  return {
    cutOffs,
    withoutEvents: {
      isNeeded: () => events !== undefined && !covered,
      renewAfterMs: Math.max(intervalMs / 2, intervalMs - config.caches.identity.ttl * 1000),
      stillCounts: events === undefined ? async () => true : createAskStanding(events, log),
    },
    watch({ store, endSession, marks }, { registry }) {
      if (events === undefined) return undefined
      const carryOut = createCarryOut({
        ...{ cutOffs, store, endSession, events, issuer, clock },
        markEnded: (providerSessionId, moment) => marks.mark({ providerSessionId }, moment),
        revoke: provider.relyingParty.revoke,
      })
      return createWatch({
        leadership:
          redis === undefined
            ? createSoleLeadership()
            : createRedisLeadership({ redis, key: redisKeys.revocationLeader, lifeMs: 4 * HEARTBEAT_MS }),
        followEvents: createFollowEvents({
          ...{ events, progress, cutOffs, carryOut, clock, absoluteTimeout },
          forget: createForgetOutdated(registry),
        }),
        ...{ cutOffs, progress, log, pollMs },
        onPolled: metrics.revocationsPolled,
        onProgress(known) {
          covered = known.covered
          metrics.revocationsKnownAt(known.polledAt)
        },
        longestMs: Math.max(intervalMs, pollMs),
        heartbeatMs: HEARTBEAT_MS,
      })
    },
  }
}

/** A token and a breaker of its own: what goes wrong here must not keep administrators from their work, nor the other way. */
function connectEvents(
  { admin, caches }: Config,
  { clock, guard }: Foundation,
  provider: Provider,
): KeycloakEvents | undefined {
  if (admin === undefined) return undefined
  const token = createAdminToken({
    config: admin,
    configuration: provider.configuration,
    fetch: provider.tokenFetch as CustomFetch,
    cache: createMemoryCache<string>({ name: 'events_token', ttl: caches.adminToken.ttl || DAY, maxSize: 1, clock }),
  })
  const fetch = createGuardedFetch({ guard: guard({ target: 'keycloak:events', timeoutMs: CALL_MS }) })
  return createHttpKeycloakEvents({ baseUrl: admin.baseUrl, realm: admin.realm, token, fetch, clock })
}
