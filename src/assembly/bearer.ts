import { type BearerAuthenticator, createBearerAuthenticator } from '../identity/bearer/bearer-authenticator.ts'
import { createMemoryTokenDenylist } from '../identity/bearer/memory-token-denylist.ts'
import { createRedisTokenDenylist } from '../identity/bearer/redis-token-denylist.ts'
import { checkDenylist, type VerifiedToken } from '../identity/bearer/token-check.ts'
import type { TokenDenylist } from '../identity/bearer/token-denylist.ts'
import { createVerifyAccessToken } from '../identity/bearer/verify-access-token.ts'
import type { Config } from '../platform/config/config.ts'
import { checkCutOffs } from '../revocation/check-cut-offs.ts'
import type { CutOffs } from '../revocation/cut-offs.ts'
import type { Caches } from './caches.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

export interface Bearer {
  authenticator: BearerAuthenticator
  denylist: TokenDenylist
}

/** Tokens that were taken back and have not expired yet; far more than a provider issues in the life of a token. */
const MAX_DENIED = 100_000

/** Callers with a token of their own, and the list of tokens that were taken back. */
export function assembleBearer(
  config: Config,
  { clock, log, redis, bus }: Foundation,
  caches: Caches,
  provider: Provider,
  cutOffs: CutOffs,
): Bearer {
  const limits = { ttl: config.caches.jwks.ttl || 60, maxSize: config.caches.verifiedTokens.maxSize }
  const verified = caches.make<VerifiedToken>('verified_tokens', limits, { showKey: (hash) => `${hash.slice(0, 4)}…` })
  const { revocationGrace: grace } = config.bearer
  const denylist =
    redis === undefined || bus === undefined
      ? createMemoryTokenDenylist({ clock, maxSize: MAX_DENIED })
      : createRedisTokenDenylist({ redis, bus, clock, log, maxSize: MAX_DENIED, grace })
  const authenticator = createBearerAuthenticator({
    verify: createVerifyAccessToken({ config: config.bearer, keySet: provider.keySet, verified, clock }),
    checks: [checkDenylist(denylist), checkCutOffs(cutOffs)],
  })
  return { authenticator, denylist }
}
