import { auditedOrigin } from '../access/audited-caller.ts'
import { letBodyCome } from '../edge/expectation.ts'
import { createReadTokenToDeny } from '../identity/bearer/read-token-to-deny.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { Config } from '../platform/config/config.ts'
import { createGuardedFetch } from '../platform/http/guarded-fetch.ts'
import { createAskProvider } from '../service-tokens/ask-provider.ts'
import { createIntrospect } from '../service-tokens/introspect-token.ts'
import { type ActiveToken, type Introspect, rememberIntrospections } from '../service-tokens/remember-introspections.ts'
import { type ServiceTokenRoutes, serviceTokenRoutes } from '../service-tokens/service-token-routes.ts'
import type { Bearer } from './bearer.ts'
import type { Caches } from './caches.ts'
import type { Edge } from './edge.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Revocation } from './revocation.ts'
import type { Sessions } from './sessions.ts'

const TOKEN_MS = 12_000
const CALL_MS = 5_000
const ANSWER_BYTES = 262_144

export interface ServiceTokenRooms {
  provider: Provider
  bearer: Bearer
  caches: Caches
  sessions: Sessions
  revocation: Revocation
  audit: Pick<Audit, 'note'>
}

/** `/api/v1/auth`: tokens for service clients, from the provider. */
export function assembleServiceTokens(
  config: Config,
  foundation: Foundation,
  edge: Edge,
  { provider, bearer: { denylist }, audit, ...rooms }: ServiceTokenRooms,
): ServiceTokenRoutes {
  const { clock, guard, metrics } = foundation
  const fetchFor = (target: string, timeoutMs: number) =>
    createGuardedFetch({
      guard: guard({ target, timeoutMs }),
      maxBytes: ANSWER_BYTES,
      rewrite: config.provider.rewrite,
    })
  const askProvider = createAskProvider({
    metadata: async () => (await provider.configuration()).serverMetadata(),
    fetches: {
      token_endpoint: fetchFor('provider:service-token', TOKEN_MS),
      introspection_endpoint: fetchFor('provider:introspect', CALL_MS),
      revocation_endpoint: fetchFor('provider:revoke', CALL_MS),
    },
  })
  return serviceTokenRoutes({
    askProvider,
    introspect: remembering(createIntrospect(askProvider), config, foundation, rooms),
    forgetIntrospections: rooms.caches.forgetIntrospections,
    denylist,
    endGrant: (subject, at) => rooms.revocation.cutOffs.raise({ kind: 'end', subject, at }),
    now: clock.now,
    issuer: config.bearer.issuer,
    readTokenToDeny: createReadTokenToDeny({ config: config.bearer, keySet: provider.keySet, clock }),
    failures: edge.authFailures,
    isAllowedOrigin: edge.cors.isAllowed,
    letBodyCome,
    onAnswer: metrics.serviceTokenAnswered,
    onToken(req, action, client, kind) {
      const actor = { kind: 'service', id: null, username: null, client } as const
      const target = { kind: 'token', id: null } as const
      audit.note({ action, outcome: 'ok', actor, target, after: { kind, client }, ...auditedOrigin(req) })
    },
  })
}

/** Forgets at once, on every instance, whatever a session, an account or a not-before has ended. */
function remembering(
  ask: Introspect,
  { caches: limits }: Config,
  { clock, bus }: Foundation,
  { caches, sessions, revocation }: Pick<ServiceTokenRooms, 'caches' | 'sessions' | 'revocation'>,
): Introspect {
  const showKey = (key: string) => `${key.slice(0, 4)}…`
  const cache = caches.make<ActiveToken>('introspection', limits.introspection, { showKey })
  sessions.onOver(cache.clear)
  revocation.cutOffs.onRaised(cache.clear)
  bus?.onReconnect(cache.clear)
  return rememberIntrospections(ask, {
    ...{ cache, clock },
    mayRemember: () => bus === undefined || bus.isListening(),
    async isLoggedOut({ sid, sub, iat }) {
      const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
      const issuedAt = typeof iat === 'number' ? iat * 1000 : 0
      return sessions.marks.isEnded({ providerSessionId: text(sid), subject: text(sub) }, { issuedAt, startedAt: 0 })
    },
  })
}
