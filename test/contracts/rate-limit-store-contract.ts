import { expect } from 'chai'
import type { Hit, RateLimitStore } from '../../src/edge/rate-limits/rate-limit-store.ts'

export interface RateLimitStoreUnderTest {
  store: RateLimitStore
  /** Lets this many seconds pass for the store. */
  advance(seconds: number): void | Promise<void>
  now(): number
}

export const WINDOW_SECONDS = 10
const KEYS = [
  '203.0.113.7',
  '2001:db8::/56',
  'https://id.example/realms/x 4711',
  '',
  '__proto__',
  'a\r\nb',
  '🧥'.repeat(200),
]

/**
 * What every rate-limit store promises, whatever moment of its window it is asked in.
 * @param make a fresh store with a window of `WINDOW_SECONDS`
 */
export function rateLimitStoreContract(
  name: string,
  make: () => RateLimitStoreUnderTest | Promise<RateLimitStoreUnderTest>,
): void {
  describe(`${name} as a rate-limit store`, () => {
    let the: RateLimitStoreUnderTest
    beforeEach(async () => {
      the = await make()
    })

    const hit = async (key = 'alice'): Promise<Hit> => the.store.increment(key)
    async function hits(count: number, key = 'alice'): Promise<number> {
      let last = 0
      for (let i = 0; i < count; i++) last = (await hit(key)).totalHits
      return last
    }

    it('counts from one', async () => {
      expect((await hit()).totalHits).to.equal(1)
      expect((await hit()).totalHits).to.equal(2)
      expect(await hits(10)).to.equal(12)
    })

    it('counts each key by itself', async () => {
      for (const key of KEYS) expect(await hits(3, key), key).to.equal(3)
      for (const key of KEYS) expect(await hits(1, key), key).to.equal(4)
    })

    it('counts requests that come at once, each of them once', async () => {
      const all = await Promise.all(Array.from({ length: 50 }, () => hit()))
      const totals = all.map(({ totalHits }) => totalHits).sort((a, b) => a - b)
      expect(totals).to.deep.equal(Array.from({ length: 50 }, (_, i) => i + 1))
    })

    it('says when the window ends: later, and at most a window later', async () => {
      const { resetTime } = await hit()
      const seconds = (resetTime.getTime() - the.now()) / 1000
      expect(seconds).to.be.greaterThan(0).and.at.most(WINDOW_SECONDS)
    })

    it('does not forget a burst at the edge of a window', async () => {
      await hits(10)
      await the.advance(WINDOW_SECONDS / 10)
      expect((await hit()).totalHits)
        .to.be.at.least(10)
        .and.at.most(11)
    })

    it('forgets a burst little by little', async () => {
      await hits(100)
      const seen: number[] = []
      for (let i = 0; i < 5; i++) {
        await the.advance(WINDOW_SECONDS / 2)
        seen.push((await hit()).totalHits)
      }
      expect(seen[1]).to.be.at.most(102)
      expect(seen[2]).to.be.at.most((seen[1] ?? 0) + 1)
      expect(seen[3]).to.be.at.most(4)
      expect(seen[4]).to.be.at.most(5)
    })

    it('has forgotten everything after two quiet windows', async () => {
      await hits(100)
      await the.advance(2 * WINDOW_SECONDS)
      expect((await hit()).totalHits).to.equal(1)
    })

    it('gives a request back', async () => {
      await hits(3)
      await the.store.decrement('alice')
      expect((await hit()).totalHits).to.equal(3)
    })

    it('never gives back more than there was', async () => {
      await the.store.decrement('nobody')
      await hit()
      for (let i = 0; i < 5; i++) await the.store.decrement('alice')
      expect((await hit()).totalHits).to.equal(1)
      expect((await hit('nobody')).totalHits).to.equal(1)
    })

    it('forgets one key when told, and only that one', async () => {
      await hits(5)
      await hits(5, 'bob')
      await the.store.resetKey('alice')
      await the.store.resetKey('nobody')
      expect((await hit()).totalHits).to.equal(1)
      expect((await hit('bob')).totalHits).to.equal(6)
    })
  })
}
