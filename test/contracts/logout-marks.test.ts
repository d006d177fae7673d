import { expect } from 'chai'
import fc from 'fast-check'
import { endsLogin, type LogoutMarks, MARK_SECONDS } from '../../src/login/logout-marks.ts'
import { createMemoryLogoutMarks } from '../../src/login/memory-logout-marks.ts'
import { createRedisLogoutMarks } from '../../src/login/redis-logout-marks.ts'
import { needRedis } from '../support/redis-server.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { type RedisWorld, startRedisWorld } from './redis-world.ts'

interface MarksWorld {
  marks: LogoutMarks
  now: number
  /** Milliseconds. */
  pass(milliseconds: number): Promise<void>
}

/** Every memory of logouts keeps these promises. */
function logoutMarksContract(name: string, make: () => Promise<MarksWorld>): void {
  describe(`${name} keeps the contract of logout marks`, () => {
    let marks: LogoutMarks
    let world: MarksWorld
    beforeEach(async () => {
      world = await make()
      marks = world.marks
    })
    const moment = (seconds: number) => ({
      issuedAt: world.now + seconds * 1_000,
      receivedAt: world.now + seconds * 1_000,
    })
    /** A login that began so many seconds from now and whose ID token was issued a second later. */
    const login = (seconds: number) => ({
      startedAt: world.now + seconds * 1_000,
      issuedAt: world.now + (seconds + 1) * 1_000,
    })
    const sid = { providerSessionId: 'sso-1' }
    const sub = { subject: the.alice().sub }

    it('knows a token id from its first time on, and one of several who ask at once is the first', async () => {
      expect(await marks.firstTime('a')).to.equal(true)
      expect(await marks.firstTime('a')).to.equal(false)
      expect(await marks.firstTime('b')).to.equal(true)
      const asked = await Promise.all(Array.from({ length: 20 }, () => marks.firstTime('c')))
      expect(asked.filter((first) => first)).to.have.length(1)
    })

    it('lets a token come again whose logout could not be carried out', async () => {
      await marks.firstTime('a')
      await marks.forget('a')
      expect(await marks.firstTime('a')).to.equal(true)
      await marks.forget('never seen')
    })

    it('remembers token ids for as long as tokens are accepted', async () => {
      await marks.firstTime('a')
      await world.pass((MARK_SECONDS - 60) * 1_000)
      expect(await marks.firstTime('a')).to.equal(false)
    })

    for (const [what, target, other] of [
      ['a provider session', sid, { providerSessionId: 'sso-2' }],
      ['a person', sub, { subject: the.bob().sub }],
    ] as const) {
      it(`ends a login of ${what} that is in flight, and neither the next one nor anybody else's`, async () => {
        await marks.mark(target, moment(10))
        expect(await marks.isEnded(target, login(5))).to.equal(true)
        expect(await marks.isEnded({ ...sid, ...sub }, login(5)), 'whatever else is known of it').to.equal(true)
        expect(await marks.isEnded(target, login(11)), 'issued after it').to.equal(false)
        expect(await marks.isEnded(target, { ...login(5), startedAt: world.now + 10_001 }), 'begun after it').to.equal(
          false,
        )
        expect(await marks.isEnded(other, login(5))).to.equal(false)
        expect(await marks.isEnded({}, login(5))).to.equal(false)
      })
    }

    it('tells a provider session from a person of the same name', async () => {
      await marks.mark({ subject: 'x' }, moment(10))
      expect(await marks.isEnded({ providerSessionId: 'x' }, login(5))).to.equal(false)
    })

    it('does not forget a later logout for an earlier one that arrives after it', async () => {
      await marks.mark(sub, moment(10))
      await marks.mark(sub, { issuedAt: world.now + 2_000, receivedAt: world.now + 12_000 })
      expect(await marks.isEnded(sub, login(5))).to.equal(true)
      expect(await marks.isEnded(sub, login(1))).to.equal(true)
      expect(await marks.isEnded(sub, login(13))).to.equal(false)
    })

    it('ends whatever any one of its logouts ends, in any order', async () => {
      const time = fc.integer({ min: 0, max: 60_000 })
      const moments = fc.array(fc.record({ issuedAt: time, receivedAt: time }), { minLength: 1, maxLength: 5 })
      let run = 0
      await fc.assert(
        fc.asyncProperty(moments, fc.record({ issuedAt: time, startedAt: time }), async (logouts, someLogin) => {
          const target = { subject: `person ${run++}` }
          for (const logout of logouts) await marks.mark(target, logout)
          if (logouts.some((logout) => endsLogin(logout, someLogin)))
            expect(await marks.isEnded(target, someLogin)).to.equal(true)
        }),
        { numRuns: 50 },
      )
    })

    it('outlives every login that may be in flight', async () => {
      await marks.mark(sid, moment(0))
      await world.pass(600_000)
      expect(await marks.isEnded(sid, login(-5))).to.equal(true)
    })
  })
}

logoutMarksContract('The memory in one process', async () => {
  const clock = testClock()
  const marks = createMemoryLogoutMarks(clock)
  return { marks, now: clock.now(), pass: async (milliseconds) => clock.advance(`${milliseconds}ms`) }
})

describe('with a real Redis', () => {
  let world: RedisWorld
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  after(() => world?.stop())

  logoutMarksContract('the memory', async () => {
    await world.empty()
    return { marks: createRedisLogoutMarks(world.redis, 'https://id.example'), now: Date.now(), pass: world.age }
  })

  it('keeps the logouts of two issuers apart', async () => {
    const [one, other] = ['https://one.example', 'https://other.example'].map((issuer) =>
      createRedisLogoutMarks(world.redis, issuer),
    )
    const moment = { issuedAt: 10, receivedAt: 10 }
    await one?.mark({ providerSessionId: 'sso' }, moment)
    await one?.firstTime('a')
    const login = { issuedAt: 5, startedAt: 5 }
    expect(await other?.isEnded({ providerSessionId: 'sso' }, login)).to.equal(false)
    expect(await other?.firstTime('a')).to.equal(true)
    expect(await one?.isEnded({ providerSessionId: 'sso' }, login)).to.equal(true)
  })

  it('shows nobody who signed out, and lets everything expire', async () => {
    const marks = createRedisLogoutMarks(world.redis, 'https://id.example')
    await marks.firstTime('canary-jti')
    await marks.mark({ providerSessionId: 'canary-sid', subject: 'canary-sub' }, { issuedAt: 1, receivedAt: 1 })
    expect(await world.dump()).not.to.match(/canary|id\.example/)
    for (const key of await world.redis.keys('*')) expect(await world.redis.pTTL(key)).to.be.above(0)
  })

  it('says so when Redis is silent', async () => {
    const marks = createRedisLogoutMarks(world.redis, 'https://id.example')
    await world.server.pause()
    const asked = [
      marks.firstTime('z'),
      marks.forget('z'),
      marks.mark({ subject: 'z' }, { issuedAt: 1, receivedAt: 1 }),
      marks.isEnded({ subject: 'z' }, { issuedAt: 1, startedAt: 1 }),
    ]
    const outcomes = await Promise.allSettled(asked)
    await world.server.resume()
    for (const outcome of outcomes)
      expect(outcome.status === 'rejected' && outcome.reason).to.include({ code: 'SESSION_STORE_UNAVAILABLE' })
  })
})
