import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import { createMemorySessionStore } from '../../../src/identity/session/memory-session-store.ts'
import { createRedisRefreshLease } from '../../../src/identity/session/redis-refresh-lease.ts'
import { createRedisSessionStore } from '../../../src/identity/session/redis-session-store.ts'
import { createLocalRefreshLease, type Lease } from '../../../src/identity/session/refresh-lease.ts'
import { createRefreshSession } from '../../../src/identity/session/refresh-session.ts'
import type { SessionStore } from '../../../src/identity/session/session-store.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import type { TokenSet } from '../../../src/platform/oidc/relying-party.ts'
import { createSealer } from '../../../src/platform/sealing/sealer.ts'
import { type RedisWorld, startRedisWorld } from '../../contracts/redis-world.ts'
import { open } from '../../contracts/store-world.ts'
import { needRedis } from '../../support/redis-server.ts'
import { type TestClock, testClock } from '../../support/test-clock.ts'
import { the } from '../../support/the.ts'

interface Step {
  /** Which instance is asked. */
  at: number
  calls: number
  /** What the provider does with the next tokens. */
  provider: { latency: number; fails: boolean }
}

interface Parts {
  store: SessionStore
  lease: Lease
}

/** A provider that forgives nothing: a refresh token that comes a second time ends the session for good. */
function strictProvider(first: string) {
  const state = { latency: 0, fails: false, valid: first, reused: false, issued: 1 }
  return {
    state,
    async refresh(token: string): Promise<TokenSet | 'over'> {
      const { latency, fails } = state
      await pause(latency)
      if (fails) throw unavailable('KEYCLOAK_UNAVAILABLE', 'away')
      if (token !== state.valid) state.reused = true
      if (state.reused) return 'over'
      state.valid = `refresh ${++state.issued}`
      const tokens = { accessToken: `access ${state.issued}`, refreshToken: state.valid, idToken: undefined }
      return { ...tokens, expiresIn: 300, scope: undefined, claims: undefined }
    },
  }
}

const step = fc.record({
  at: fc.nat(2),
  calls: fc.integer({ min: 1, max: 5 }),
  provider: fc.record({ latency: fc.nat(4), fails: fc.boolean() }),
})

function holds(what: string, make: (clock: TestClock, count: number) => Parts[]): void {
  it(`${what}: no refresh token is ever spent twice, no session is lost, everybody gets the newest tokens`, async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), async (rounds) => {
        const id = `session ${run++}`
        const clock = testClock()
        const provider = strictProvider('refresh 1')
        const parts = make(clock, 3)
        const ended: string[] = []
        const common = { clock, log: silentLog, pause, onRefreshed: () => undefined }
        const instances = parts.map(({ store, lease }) =>
          createRefreshSession({
            ...common,
            store,
            lease,
            relyingParty: { refresh: provider.refresh, revoke: async () => undefined },
            endSession: async (_id, why) => void ended.push(why),
          }),
        )
        const [{ store }] = parts as [Parts]
        const first = the.tokens(clock.now(), {
          accessToken: 'access 1',
          refreshToken: 'refresh 1',
          accessExpiresAt: 1,
        })
        await open({ store, clock, pass: async () => undefined }, id, first)
        for (const round of rounds) await playRound(round)
        expect(provider.state.reused).to.equal(false)
        expect(ended).to.deep.equal([])

        async function playRound(round: Step[]): Promise<void> {
          const session = await store.read(id)
          if (session === undefined) throw new Error('the session is lost')
          const outcomes = round.flatMap(({ at, calls, provider: plan }) => {
            Object.assign(provider.state, plan)
            return Array.from({ length: calls }, async () => (await instances[at]?.(session))?.tokens.accessToken)
          })
          for (const outcome of await Promise.allSettled(outcomes)) {
            if (outcome.status === 'rejected') expect(outcome.reason).to.include({ code: 'REFRESH_FAILED' })
            else expect(outcome.value).to.equal(`access ${provider.state.issued}`)
          }
          clock.advance('301s')
        }
      }),
      { numRuns: 40 },
    )
  })
}

describe('With a provider that forgives nothing, whoever asks and however often it fails', function () {
  this.timeout(60_000)

  holds('in one process', (clock) => {
    const one = { store: createMemorySessionStore({ clock, idleTimeout: 28_000 }), lease: createLocalRefreshLease() }
    return [one, one, one]
  })

  describe('with Redis', () => {
    let world: RedisWorld
    const sealer = createSealer([randomBytes(32)])
    before(async function () {
      needRedis(this)
      world = await startRedisWorld()
    })
    after(() => world?.stop())

    holds('on three instances', (clock, count) =>
      Array.from({ length: count }, () => ({
        store: createRedisSessionStore({ redis: world.redis, sealer, clock, idleTimeout: 28_000 }),
        lease: createRedisRefreshLease({ redis: world.redis, pause, now: Date.now }),
      })),
    )
  })
})
