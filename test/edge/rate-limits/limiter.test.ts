import { expect } from 'chai'
import fc from 'fast-check'
import { addressKey, createLimiter, type Limit } from '../../../src/edge/rate-limits/limiter.ts'
import { createMemoryRateLimitStore } from '../../../src/edge/rate-limits/memory-rate-limit-store.ts'
import type { RateLimitStore } from '../../../src/edge/rate-limits/rate-limit-store.ts'
import { testClock } from '../../support/test-clock.ts'
import { laterRefusalOf, refusalIfAny, refusalOf } from '../refusal.ts'

function limiterOf(limit: number, wrap: (store: RateLimitStore) => RateLimitStore = (store) => store) {
  const clock = testClock(1_700_000_000_000)
  const limited: string[] = []
  const store = wrap(createMemoryRateLimitStore(10, clock))
  const limiter = createLimiter({
    name: 'orders',
    limit,
    window: 10,
    store,
    clock,
    onLimited: (name) => void limited.push(name),
  })
  const take = (key = 'alice') => limiter.take(key) as Limit
  return { limiter, take, clock, limited }
}

/** The same store, somewhere else. */
function remote(store: RateLimitStore): RateLimitStore {
  return {
    increment: async (key) => store.increment(key),
    decrement: async (key) => store.decrement(key),
    resetKey: async (key) => store.resetKey(key),
  }
}

describe('a limiter', () => {
  it('lets as many pass as it says, and tells how many are left', () => {
    const { take, limited } = limiterOf(2)
    expect(take()).to.include({ policy: '"orders"; q=2; w=10', state: '"orders"; r=1; t=10' })
    expect(take()).to.include({ state: '"orders"; r=0; t=10' })
    expect(limited).to.deep.equal([])
  })

  it('refuses the next one and says when to come again', () => {
    const { take, clock, limited } = limiterOf(2)
    take()
    take()
    clock.advance('2500ms')
    const refusal = refusalOf(() => take())
    expect(refusal.status).to.equal(429)
    expect(refusal.headers).to.deep.equal({
      'Retry-After': '11',
      'RateLimit-Policy': '"orders"; q=2; w=10',
      RateLimit: '"orders"; r=0; t=8',
    })
    expect(limited).to.deep.equal(['orders'])
  })

  it('keeps its word: who stays quiet for so long as it said passes', () => {
    const tries = fc.record({
      limit: fc.integer({ min: 1, max: 12 }),
      moment: fc.integer({ min: 0, max: 9_999 }),
      hits: fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 1, maxLength: 40 }),
    })
    fc.assert(
      fc.property(tries, ({ limit, moment, hits }) => {
        const { take, clock } = limiterOf(limit)
        clock.advance(`${moment}ms`)
        let promised: string | undefined
        for (const pause of hits) {
          clock.advance(`${pause}ms`)
          promised = refusalIfAny(() => take())?.headers['Retry-After']
        }
        clock.advance(`${promised ?? 0}s`)
        if (promised !== undefined) take()
      }),
      { numRuns: 1_000 },
    )
  })

  it('tells with the last one that passes when the next one will', () => {
    const { take, clock } = limiterOf(2)
    take()
    const { remaining, retryAfter } = take()
    expect({ remaining, retryAfter }).to.deep.equal({ remaining: 0, retryAfter: 11 })
    clock.advance('11s')
    take()
  })

  it('counts one caller by the other', () => {
    const { take } = limiterOf(1)
    take()
    expect(take('bob')).to.include({ state: '"orders"; r=0; t=10' })
  })

  it('lets pass again what was given back', () => {
    const { limiter, take } = limiterOf(1)
    take()
    limiter.giveBack('alice')
    expect(take()).to.include({ state: '"orders"; r=0; t=10' })
  })

  it('does the same with a store that is elsewhere', async () => {
    const { limiter } = limiterOf(1, remote)
    expect(await limiter.take('alice')).to.include({ state: '"orders"; r=0; t=10' })
    expect((await laterRefusalOf(async () => limiter.take('alice'))).code).to.equal('RATE_LIMITED')
  })

  it('tells of refusals that were made in its name', () => {
    const { limiter, limited } = limiterOf(1)
    limiter.noteRefusal()
    expect(limited).to.deep.equal(['orders'])
  })
})

describe('the key of an address', () => {
  for (const [address, key] of [
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/56'],
    ['2001:db8:1:ff:ffff::1', '2001:db8:1::/56'],
    ['2001:db8:1:100::1', '2001:db8:1:100::/56'],
    ['::1', '::/56'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['fe80::1%eth0', 'fe80::/56'],
  ] as const)
    it(`${address} is ${key}`, () => expect(addressKey(address)).to.equal(key))

  it('can be had of every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(addressKey(address)).to.be.a('string').and.not.equal('')
      }),
    )
  })
})
