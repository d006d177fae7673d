import type nock from 'nock'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { createResilience } from '../../../src/platform/http/resilience.ts'
import type { AdminToken } from '../../../src/platform/keycloak/admin-api/admin-token.ts'
import { createHttpKeycloakAdmin } from '../../../src/platform/keycloak/people/http-keycloak-admin.ts'
import type { GroupList, UserDetail, UserList } from '../../../src/platform/keycloak/people/keycloak-admin.ts'
import { testClock } from '../../support/test-clock.ts'

export const BASE = 'http://kc.test'
export const config = { baseUrl: BASE, realm: 'demo', clientId: 'cloakroom-admin', clientSecret: 'secret-of-admin' }

export interface CannedKeycloak {
  /** For replies below `/admin/realms/demo`. */
  admin(): nock.Scope
  /** For replies of the whole server. */
  server(): nock.Scope
  /** Replies that were prepared and never asked for. */
  left(): string[]
}

/** Canned replies for one suite; nothing else leaves the process, and nothing of it stays behind. */
export function cannedKeycloak(): CannedKeycloak {
  let tool: typeof nock | undefined
  const nocked = () => {
    if (tool === undefined) throw new Error('only inside of a test')
    return tool
  }
  before(async () => {
    tool = (await import('nock')).default
    if (!tool.isActive()) tool.activate()
    tool.disableNetConnect()
  })
  afterEach(() => nocked().cleanAll())
  after(() => {
    nocked().enableNetConnect()
    nocked().restore()
  })
  return {
    admin: () => nocked()(`${BASE}/admin/realms/demo`),
    server: () => nocked()(BASE),
    left: () => nocked().pendingMocks(),
  }
}

/** The admin port on HTTP with the guard and the caches it has in the gateway, and a token that is known. */
export function startAdmin({ ttl = 300, keepStale = 3_600, token = 'the-admin-token' } = {}) {
  const clock = testClock()
  const guard = createResilience({ clock, onState: () => undefined, outboundTimer: () => () => undefined })({
    target: 'keycloak:admin',
    timeoutMs: 6_000,
    retries: 1,
  })
  let current = token
  const tokens: AdminToken = {
    get: async () => current,
    forget() {
      current = `${current}-renewed`
    },
    notBefore: async () => 0,
  }
  const limits = { ttl, maxSize: 50, clock, keepStale }
  const admin = createHttpKeycloakAdmin({
    config,
    token: tokens,
    guard,
    users: createMemoryCache<UserDetail>({ name: 'user_info', ...limits }),
    userLists: createMemoryCache<UserList>({ name: 'user_lists', ...limits }),
    groups: createMemoryCache<GroupList>({ name: 'groups', ...limits }),
  })
  return { admin, guard, clock }
}
