import { expect } from 'chai'
import { createAuthFailures } from '../../../src/edge/rate-limits/auth-failures.ts'
import { createLimiter } from '../../../src/edge/rate-limits/limiter.ts'
import { createMemoryRateLimitStore } from '../../../src/edge/rate-limits/memory-rate-limit-store.ts'
import { testClock } from '../../support/test-clock.ts'
import { refusalOf } from '../refusal.ts'

const MALLORY = '203.0.113.66'

function doorFor(limit: number) {
  const clock = testClock(1_700_000_000_000)
  const limited: string[] = []
  const store = createMemoryRateLimitStore(60, clock)
  const onLimited = (name: string) => void limited.push(name)
  const limiter = createLimiter({ name: 'auth-failures', limit, window: 60, store, clock, onLimited })
  const door = createAuthFailures(limiter, clock)
  async function fail(times: number, address = MALLORY): Promise<void> {
    for (let i = 0; i < times; i++) await door.count(address)
  }
  return { door, clock, limited, fail }
}

describe('refused credentials', () => {
  it('close the door for their address once there were as many as allowed', async () => {
    const { door, fail, limited } = doorFor(3)
    await fail(2)
    door.check(MALLORY)
    await fail(1)
    const refusal = refusalOf(() => door.check(MALLORY))
    expect(refusal.code).to.equal('RATE_LIMITED')
    expect(refusal.headers['Retry-After']).to.match(/^[1-9]\d?$/)
    expect(limited).to.deep.equal(['auth-failures'])
  })

  it('close it for nobody else', async () => {
    const { door, fail } = doorFor(3)
    await fail(5)
    door.check('203.0.113.67')
    door.check('2001:db8::1')
  })

  it('close it for the whole network that one customer has', async () => {
    const { door, fail } = doorFor(2)
    await fail(1, '2001:db8:1:2::1')
    await fail(1, '2001:db8:1:2::2')
    expect(refusalOf(() => door.check('2001:db8:1:2::3')).status).to.equal(429)
  })

  it('open it again with the next window', async () => {
    const { door, clock, fail } = doorFor(3)
    await fail(3)
    const { headers } = refusalOf(() => door.check(MALLORY))
    clock.advance(`${Number(headers['Retry-After']) - 1}s`)
    expect(refusalOf(() => door.check(MALLORY)).headers['Retry-After']).to.equal('1')
    clock.advance('1s')
    door.check(MALLORY)
  })

  it('close it even when many fail at once', async () => {
    const { door } = doorFor(3)
    await Promise.all(Array.from({ length: 20 }, () => door.count(MALLORY)))
    expect(refusalOf(() => door.check(MALLORY)).code).to.equal('RATE_LIMITED')
  })

  it('do nothing where the limit is off', async () => {
    const door = createAuthFailures(undefined)
    for (let i = 0; i < 1_000; i++) await door.count(MALLORY)
    door.check(MALLORY)
  })

  it('do nothing while the counter is away', async () => {
    const away = {
      take: () => Promise.reject(new Error('the store is away')),
      giveBack: () => undefined,
      noteRefusal: () => undefined,
    }
    const door = createAuthFailures(away)
    await door.count(MALLORY)
    door.check(MALLORY)
  })
})
