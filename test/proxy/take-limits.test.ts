import { expect } from 'chai'
import { addressKey } from '../../src/edge/rate-limits/limiter.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import type { RequestContext } from '../../src/platform/observability/request-context.ts'
import { createTakeLimits } from '../../src/proxy/limits.ts'

type Answer = 'at once' | 'later' | 'refuses at once' | 'refuses later'

const CONTEXT: RequestContext = {
  requestId: 'id',
  traceparent: '',
  startedAt: 0,
  method: 'GET',
  path: '/',
  query: '',
  route: 'orders',
  clientAddress: '2001:db8::7',
}

/** Limits that answer so, one after the other, and which of them were asked. */
function limitsThat(...answers: Answer[]) {
  const asked: string[] = []
  const limiters = answers.map((answer, at) => ({
    take(key: string) {
      asked.push(`${at} ${key}`)
      const refusal = new GatewayError('RATE_LIMITED')
      if (answer === 'refuses at once') throw refusal
      if (answer === 'refuses later') return Promise.reject(refusal)
      const limit = { policy: `"${at}"; q=1; w=1`, state: `"${at}"; r=0; t=1` }
      return answer === 'later' ? Promise.resolve(limit) : limit
    },
  }))
  return { take: () => createTakeLimits(limiters, addressKey)(undefined, CONTEXT), asked }
}

const FIELDS = ['RateLimit-Policy', '"0"; q=1; w=1, "1"; q=1; w=1', 'RateLimit', '"0"; r=0; t=1, "1"; r=0; t=1']
const asPromise = async (call: () => unknown) => call()

describe('the limits of a proxied call', () => {
  it('are answered at once where all of them answer at once', () => {
    expect(limitsThat('at once', 'at once').take()).to.deep.equal(FIELDS)
    expect(limitsThat().take()).to.deep.equal([])
  })

  for (const answers of [
    ['later', 'at once'],
    ['at once', 'later'],
    ['later', 'later'],
  ] as const)
    it(`are told in their order when they answer ${answers.join(' and ')}`, async () => {
      const { take, asked } = limitsThat(...answers)
      const fields = take()
      expect(fields).to.be.instanceOf(Promise)
      expect(await fields).to.deep.equal(FIELDS)
      expect(asked).to.deep.equal(['0 2001:db8::/56', '1 2001:db8::/56'])
    })

  for (const first of ['refuses at once', 'refuses later'] as const)
    it(`do not count a call that the first one refuses, which ${first}`, async () => {
      const { take, asked } = limitsThat(first, 'at once')
      const error = await asPromise(take).catch((reason: unknown) => reason)
      expect(error).to.include({ code: 'RATE_LIMITED' })
      expect(asked).to.have.length(1)
    })

  for (const answers of [
    ['later', 'refuses at once'],
    ['later', 'refuses later'],
    ['at once', 'refuses later'],
    ['at once', 'refuses at once'],
  ] as const)
    it(`refuse when they answer ${answers.join(' and ')}, and leave no failure behind that nobody handles`, async () => {
      const error = await asPromise(limitsThat(...answers).take).catch((reason: unknown) => reason)
      expect(error).to.include({ code: 'RATE_LIMITED' })
    })
})
