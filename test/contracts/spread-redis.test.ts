import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { createRedisRefreshLease } from '../../src/identity/session/redis-refresh-lease.ts'
import { createRedisSessionStore } from '../../src/identity/session/redis-session-store.ts'
import { createRedisLoginTransactions } from '../../src/login/redis-login-transactions.ts'
import { createRedisLogoutMarks } from '../../src/login/redis-logout-marks.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createMessageBus } from '../../src/platform/redis/message-bus.ts'
import type { Redis } from '../../src/platform/redis/redis-client.ts'
import { createSealer } from '../../src/platform/sealing/sealer.ts'
import { needRedis } from '../support/redis-server.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { loginTransactionsContract } from './login-transactions-contract.ts'
import { createSharedRateLimits } from './rate-limit-redis.ts'
import { rateLimitStoreContract } from './rate-limit-store-contract.ts'
import { refreshLeaseContract } from './refresh-lease-contract.ts'
import { sessionStoreContract } from './session-store-contract.ts'
import { type SpreadRedisWorld, spreadRedis } from './spread-redis-world.ts'
import { IDLE_TIMEOUT } from './store-world.ts'

for (const [form, start] of Object.entries(spreadRedis)) {
  describe(`With a real Redis ${form}`, function () {
    this.timeout(20_000)
    let world: SpreadRedisWorld
    const sealer = createSealer([randomBytes(32)])
    before(async function () {
      needRedis(this)
      world = await start()
    })
    after(() => world?.stop())
    beforeEach(() => world.empty())

    sessionStoreContract('the session store', async () => {
      const clock = testClock()
      const store = createRedisSessionStore({ redis: world.redis, sealer, clock, idleTimeout: IDLE_TIMEOUT })
      const pass = async (milliseconds: number) => {
        clock.advance(`${milliseconds}ms`)
        await world.age(milliseconds)
      }
      return { store, clock, pass }
    })

    loginTransactionsContract('the keeper of pending logins', async () => ({
      logins: createRedisLoginTransactions(world.redis, sealer),
      clock: testClock(),
      pass: (milliseconds) => world.age(milliseconds),
    }))

    refreshLeaseContract('the refresh lease', async () =>
      createRedisRefreshLease({ redis: await world.another(), pause, now: Date.now }),
    )

    rateLimitStoreContract('the rate-limit store', () => {
      const clock = testClock(1_700_000_000_000)
      const store = createSharedRateLimits(world.redis).counter(clock)
      return { store, advance: (seconds) => clock.advance(`${seconds * 1000}ms`), now: clock.now }
    })

    it('remembers logouts for every instance', async () => {
      const issuer = 'https://id.example.com/realms/demo'
      const [here, there] = [world.redis, await world.another()].map((redis) => createRedisLogoutMarks(redis, issuer))
      const now = Date.now()
      const who = { providerSessionId: 'sso-1', subject: the.alice().sub }
      expect([await here?.firstTime('jti'), await there?.firstTime('jti')]).to.deep.equal([true, false])
      await here?.mark(who, { issuedAt: now, receivedAt: now })
      expect(await there?.isEnded(who, { issuedAt: now - 1, startedAt: now - 1 })).to.equal(true)
      expect(await there?.isEnded(who, { issuedAt: now + 1_000, startedAt: now + 1 })).to.equal(false)
    })

    it('carries messages to every instance, each confirmed, in order', async () => {
      const instances = [await instance(world.redis), await instance(await world.another())]
      const [first] = instances
      while (!instances.every(({ bus }) => bus.isListening())) await pause(10)
      const sent = Array.from({ length: 50 }, (_, at) => `message ${at}`)
      for (const message of sent) expect(await first?.bus.publish('things', message)).to.equal(2)
      for (const { heard } of instances) expect(heard).to.deep.equal(sent)
      await Promise.all(instances.map(({ bus }) => bus.close()))
    })

    async function instance(redis: Redis) {
      const bus = createMessageBus(redis, silentLog)
      const heard: string[] = []
      bus.subscribe('things', (message) => void heard.push(message))
      return { bus, heard }
    }
  })
}
