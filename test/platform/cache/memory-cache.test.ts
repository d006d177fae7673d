import { expect } from 'chai'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { cacheContract } from '../../contracts/cache-contract.ts'
import { testClock } from '../../support/test-clock.ts'

cacheContract('memory', createMemoryCache)

describe('A memory cache', () => {
  const start = (options: Partial<Parameters<typeof createMemoryCache>[0]> = {}) => {
    const clock = testClock()
    const cache = createMemoryCache<string>({ name: 'things', ttl: 60, maxSize: 3, clock, ...options })
    return { clock, cache }
  }

  it('keeps what is over readable as long as it is told to, with its age', () => {
    const { clock, cache } = start({ keepStale: 120 })
    cache.set('a', 'A')
    clock.advance('61s')
    expect(cache.get('a')).to.equal(undefined)
    expect(cache.peek('a')).to.deep.equal({ value: 'A', ageMs: 61_000 })
    clock.advance('119s')
    cache.get('a')
    expect(cache.peek('a')).to.equal(undefined)
  })

  it('lets go of what is over at once when it is not told to keep it', () => {
    const { clock, cache } = start()
    cache.set('a', 'A')
    clock.advance('60s')
    cache.get('a')
    expect(cache.peek('a')).to.equal(undefined)
  })

  it('shows its keys as it was told to, a hundred at most', () => {
    const { cache } = start({ maxSize: 500, showKey: (key) => `${key.slice(0, 4)}…` })
    for (let at = 0; at < 300; at++) cache.set(`secret-session-${at}`, 'x')
    const { keys, current_size } = cache.info()
    expect(current_size).to.equal(300)
    expect(keys).to.have.length(100)
    expect(keys.join()).not.to.contain('session')
  })

  it('tells of every read', async () => {
    const outcomes: string[] = []
    const { cache } = start({ onRead: (outcome) => void outcomes.push(outcome) })
    await cache.getOrLoad('a', async () => 'A')
    await cache.getOrLoad('a', async () => 'A')
    cache.get('b')
    cache.peek('a')
    expect(outcomes).to.deep.equal(['miss', 'hit', 'miss'])
  })
})
