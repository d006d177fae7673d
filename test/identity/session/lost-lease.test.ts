import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { createRedisRefreshLease } from '../../../src/identity/session/redis-refresh-lease.ts'
import { createRedisSessionStore } from '../../../src/identity/session/redis-session-store.ts'
import { createRefreshSession } from '../../../src/identity/session/refresh-session.ts'
import type { StoredSession } from '../../../src/identity/session/session.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import type { TokenSet } from '../../../src/platform/oidc/relying-party.ts'
import { redisKeys } from '../../../src/platform/redis/redis-keys.ts'
import { createSealer } from '../../../src/platform/sealing/sealer.ts'
import { type RedisWorld, startRedisWorld } from '../../contracts/redis-world.ts'
import { open } from '../../contracts/store-world.ts'
import { until } from '../../platform/redis/connect-redis-client.ts'
import { needRedis } from '../../support/redis-server.ts'
import { the } from '../../support/the.ts'

const ID = 'session-of-alice'
type Answer = TokenSet | 'over'

describe('a refresh whose lease was lost to another instance', function () {
  this.timeout(20_000)
  let world: RedisWorld
  const sealer = createSealer([randomBytes(32)])
  const clock = systemClock
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  after(() => world?.stop())
  beforeEach(async () => {
    await world.empty()
    await open(
      { store: store(), clock, pass: async () => undefined },
      ID,
      the.tokens(clock.now(), { accessExpiresAt: 1 }),
    )
  })

  const store = () => createRedisSessionStore({ redis: world.redis, sealer, clock, idleTimeout: 1_800 })
  const stored = async () => (await store().read(ID)) as StoredSession
  const fresh = (name: string): TokenSet => ({
    accessToken: `access of ${name}`,
    refreshToken: `refresh of ${name}`,
    idToken: undefined,
    expiresIn: 300,
    scope: undefined,
    claims: undefined,
  })

  /** One instance that has asked the provider and waits for its answer. */
  function instance(longest = 15_000) {
    const calls: PromiseWithResolvers<Answer>[] = []
    const outcomes: string[] = []
    const revoked: string[] = []
    const ended: string[] = []
    const failedWrites: unknown[] = []
    const own = store()
    const refresh = createRefreshSession({
      store: {
        ...own,
        async replaceTokens(...write) {
          try {
            return await own.replaceTokens(...write)
          } catch (error) {
            failedWrites.push(error)
            throw error
          }
        },
      },
      lease: createRedisRefreshLease({ redis: world.redis, pause, now: clock.now }),
      clock,
      log: silentLog,
      pause,
      longest,
      relyingParty: {
        refresh() {
          const call = Promise.withResolvers<Answer>()
          calls.push(call)
          return call.promise
        },
        revoke: async (token) => void revoked.push(token),
      },
      onRefreshed: (outcome) => void outcomes.push(outcome),
      async endSession(id) {
        ended.push(id)
        await store().destroy(id)
      },
    })
    const asks = async (count: number) => {
      await until(() => calls.length === count)
      return calls[count - 1] as PromiseWithResolvers<Answer>
    }
    return { refresh, asks, outcomes, revoked, ended, failedWrites }
  }

  /** The first has asked the provider, then slept until the second took over and asked too. */
  async function overtaken() {
    const [first, second] = [instance(), instance()]
    const session = await stored()
    const running = [first.refresh(session)]
    const firstCall = await first.asks(1)
    const key = redisKeys.refreshLease(ID)
    const lease = await world.redis.get(key)
    running.push(second.refresh(session))
    // The first still renews it, so it may have to be taken away more than once.
    await until(async () => {
      const holder = await world.redis.get(key)
      if (holder === lease) await world.redis.del(key)
      return holder !== null && holder !== lease
    })
    return { first, second, firstCall, secondCall: await second.asks(1), running }
  }
  const accessOf = async (sessions: Promise<StoredSession | undefined>[]) =>
    (await Promise.all(sessions)).map((session) => session?.tokens.accessToken)

  it('writes nothing while the other one is at it, and takes what that one gets', async () => {
    const { first, firstCall, secondCall, running } = await overtaken()
    firstCall.resolve(fresh('the sleeper'))
    await until(() => first.outcomes.includes('overtaken'))
    expect((await stored()).tokens.version).to.equal(1)
    secondCall.resolve(fresh('the other'))
    expect(await accessOf(running)).to.deep.equal(['access of the other', 'access of the other'])
    expect((await stored()).tokens).to.include({ version: 2, refreshToken: 'refresh of the other' })
    expect(first.revoked, 'to revoke it would end the session at Keycloak').to.deep.equal([])
    expect(first.outcomes).to.deep.equal(['overtaken', 'discarded'])
  })

  it('takes what the other one has written before', async () => {
    const { firstCall, secondCall, running } = await overtaken()
    secondCall.resolve(fresh('the other'))
    await running[1]
    firstCall.resolve(fresh('the sleeper'))
    expect(await accessOf(running)).to.deep.equal(['access of the other', 'access of the other'])
    expect((await stored()).tokens.version).to.equal(2)
  })

  it('saves the session when the other one fails: what it has is written under a new lease', async () => {
    const { first, firstCall, second, secondCall, running } = await overtaken()
    firstCall.resolve(fresh('the sleeper'))
    await until(() => first.outcomes.includes('overtaken'))
    secondCall.reject(unavailable('KEYCLOAK_UNAVAILABLE', 'away'))
    expect(await running[1]?.catch((error: unknown) => error)).to.include({ code: 'REFRESH_FAILED' })
    expect((await running[0])?.tokens.accessToken).to.equal('access of the sleeper')
    expect((await stored()).tokens).to.include({ version: 2, refreshToken: 'refresh of the sleeper' })
    expect([...first.outcomes, ...second.outcomes]).to.deep.equal(['overtaken', 'ok', 'failed'])
  })

  it('does not end the session because its own try came second', async () => {
    const { first, firstCall, secondCall, running } = await overtaken()
    firstCall.resolve('over')
    ;(await first.asks(2)).resolve('over')
    secondCall.resolve(fresh('the other'))
    expect(await accessOf(running)).to.deep.equal(['access of the other', 'access of the other'])
    expect(first.ended).to.deep.equal([])
  })

  it('discards and revokes what it got when the session ended meanwhile, and so does the other', async () => {
    const { first, second, firstCall, secondCall, running } = await overtaken()
    await store().destroy(ID)
    firstCall.resolve(fresh('the sleeper'))
    secondCall.resolve(fresh('the other'))
    expect(await accessOf(running)).to.deep.equal([undefined, undefined])
    expect([...first.revoked, ...second.revoked]).to.deep.equal(['refresh of the sleeper', 'refresh of the other'])
    expect(await store().read(ID)).to.equal(undefined)
  })

  it('and one that finds the store away in the moment of writing loses nothing: it writes when the store is back', async () => {
    const alone = instance()
    const running = alone.refresh(await stored())
    const call = await alone.asks(1)
    await world.server.pause()
    call.resolve(fresh('the patient one'))
    await until(() => alone.failedWrites.length > 0)
    await world.server.resume()
    expect((await running)?.tokens.accessToken).to.equal('access of the patient one')
    expect((await stored()).tokens.refreshToken).to.equal('refresh of the patient one')
    expect(alone.outcomes).to.deep.equal(['ok'])
  })

  it('keeps nobody waiting longer than it may, and what comes later is not lost', async () => {
    const slow = instance(30)
    const failure = await slow.refresh(await stored()).catch((error: unknown) => error)
    expect(failure).to.include({ code: 'REFRESH_FAILED', status: 503 })
    ;(await slow.asks(1)).resolve(fresh('the late one'))
    await until(async () => (await stored()).tokens.version === 2)
  })
})
