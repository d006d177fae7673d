import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express, { type ErrorRequestHandler } from 'express'
import { createMemoryRateLimitStore } from '../../../src/edge/rate-limits/memory-rate-limit-store.ts'
import { type RateLimitParts, rateLimit } from '../../../src/edge/rate-limits/rate-limit.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { testClock } from '../../support/test-clock.ts'

/** Asks an endpoint behind the limit, as callers from these addresses, and answers what each was told. */
async function ask(parts: Partial<RateLimitParts>, addresses: string[]) {
  const limited: string[] = []
  const store = createMemoryRateLimitStore(60, testClock())
  const app = express()
  app.use((req, _res, next) => {
    const clientAddress = String(req.headers['x-test-client'])
    const fixed = { requestId: 'id', traceparent: '', startedAt: 0, method: 'GET', path: '/', query: '', route: 'x' }
    attachContext(req, { ...fixed, clientAddress })
    next()
  })
  const usual = { name: 'login', policy: { limit: 2, window: 60 }, store }
  app.get('/', rateLimit({ ...usual, ...parts, onLimited: (name) => void limited.push(name) }), (_req, res) => {
    res.end('ok')
  })
  app.use(((error: unknown, _req, res, _next) => {
    if (!(error instanceof GatewayError)) throw error
    res.status(error.status).set(error.headers).end(error.code)
  }) satisfies ErrorRequestHandler)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answers = []
  for (const address of addresses) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-test-client': address } })
    answers.push({
      status: answer.status,
      text: await answer.text(),
      header: (name: string) => answer.headers.get(name),
    })
  }
  server.close()
  server.closeAllConnections()
  return { answers, limited, statuses: answers.map(({ status }) => status) }
}

describe('the rate limit of rarely called endpoints', () => {
  it('lets pass what the policy allows and refuses the rest', async () => {
    const { statuses, limited, answers } = await ask({}, ['192.0.2.1', '192.0.2.1', '192.0.2.1'])
    expect(statuses).to.deep.equal([200, 200, 429])
    expect(answers[2]?.text).to.equal('RATE_LIMITED')
    expect(limited).to.deep.equal(['login'])
  })

  it('tells how much is left, in the fields of the draft', async () => {
    const { answers } = await ask({}, ['192.0.2.1', '192.0.2.1', '192.0.2.1'])
    expect(answers[0]?.header('ratelimit-policy')).to.match(/^"login"; q=2; w=60/)
    expect(answers[0]?.header('ratelimit')).to.match(/^"login"; r=1; t=\d+$/)
    expect(answers[2]?.header('ratelimit')).to.match(/^"login"; r=0; t=\d+$/)
    expect(answers[0]?.header('x-ratelimit-limit')).to.equal(null)
  })

  it('says when to come again: not before there is room', async () => {
    const { answers } = await ask({}, Array(4).fill('192.0.2.1'))
    const left = Number(/t=(\d+)$/.exec(answers[3]?.header('ratelimit') ?? '')?.[1])
    const share = 60 * (1 - 2 / 4)
    expect(Number(answers[3]?.header('retry-after'))).to.be.within(left + share - 1, left + share + 1)
  })

  it('counts by address, and IPv6 by network', async () => {
    const { statuses } = await ask({}, ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.1'])
    expect(statuses).to.deep.equal([200, 200, 200, 429])
    expect((await ask({}, ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::3'])).statuses).to.deep.equal([200, 200, 429])
  })

  it('counts by identity where one is known', async () => {
    const identityKey = () => 'alice'
    expect((await ask({ identityKey }, ['192.0.2.1', '192.0.2.2', '192.0.2.3'])).statuses).to.deep.equal([
      200, 200, 429,
    ])
  })

  it('can be off', async () => {
    const { statuses, answers } = await ask({ policy: undefined }, Array(20).fill('192.0.2.1'))
    expect(new Set(statuses)).to.deep.equal(new Set([200]))
    expect(answers[0]?.header('ratelimit')).to.equal(null)
  })

  it('works with a store that is elsewhere', async () => {
    const here = createMemoryRateLimitStore(60, testClock())
    const store = {
      increment: async (key: string) => here.increment(key),
      decrement: async (key: string) => here.decrement(key),
      resetKey: async (key: string) => here.resetKey(key),
    }
    expect((await ask({ store }, Array(3).fill('192.0.2.1'))).statuses).to.deep.equal([200, 200, 429])
  })
})
