import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import type { RawAnswer, RawRequest } from '../support/raw-messages.ts'

type Headers = NonNullable<RawRequest['headers']>

const SITES = [undefined, 'same-origin', 'same-site', 'cross-site', 'none']
const MODES = [undefined, 'navigate', 'cors']
const PROOFS = [undefined, '1']
const TARGETS = ['/orders', '/me', '/session', '/logout', '/cache/clear']

/** What can be told apart in two answers, once what differs in any two answers is taken away. */
function face(answer: RawAnswer): unknown {
  const body = answer.text().replace(/[0-9a-f]{24}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '·')
  const varying = ['x-request-id', 'date', 'ratelimit']
  return {
    status: answer.status,
    body,
    headers: answer.headers.filter(([name]) => !varying.includes(name.toLowerCase())),
  }
}

describe('A forged request', () => {
  let world: GuardedGateway
  let live: string
  const dead = `cloakroom=${encodeURIComponent(`s:${'a'.repeat(32)}.${'b'.repeat(43)}`)}`
  const origins = () => [undefined, world.gateway.url, 'https://spa.example', 'https://evil.example', 'null']

  before(async () => {
    world = await startGuardedGateway(
      (upstream) => [{ id: 'orders', path: '/orders', upstream, auth: ['session', 'bearer'] }],
      { ALLOWED_ORIGINS: 'https://spa.example', RATE_LIMIT_AUTH_FAILURES: 'off' },
    )
    live = (await world.session()).Cookie
  })
  after(() => world.stop())
  beforeEach(() => world.upstream.forget())

  function* everything(method: string): Generator<Headers> {
    for (const site of SITES)
      for (const origin of origins())
        for (const mode of MODES)
          for (const proof of PROOFS)
            yield {
              'Sec-Fetch-Site': site,
              Origin: origin,
              'Sec-Fetch-Mode': mode,
              'Sec-Fetch-Dest': mode === 'navigate' ? 'document' : undefined,
              'X-CSRF': proof,
              ...(method === 'GET' ? {} : { 'Content-Length': '0' }),
            }
  }

  for (const target of TARGETS)
    for (const method of ['GET', 'POST'])
      it(`${method} ${target} is refused the same way with a live and a dead cookie`, async function everyCombination() {
        this.timeout(30_000)
        const differing: unknown[] = []
        let refused = 0
        for (const headers of everything(method)) {
          const withDead = await world.client.ask({ method, target, headers: { ...headers, Cookie: dead } })
          if (withDead.status !== 403) continue
          refused++
          const withLive = await world.client.ask({ method, target, headers: { ...headers, Cookie: live } })
          if (JSON.stringify(face(withLive)) !== JSON.stringify(face(withDead))) differing.push(headers)
        }
        expect(differing).to.deep.equal([])
        // Where only one method exists the other is 405 for everyone.
        expect(refused > 0 || (await world.client.ask({ method, target })).status === 405).to.equal(true)
        // After all of that the session is as it was.
        expect((await world.client.ask({ target: '/me', headers: { Cookie: live } })).status).to.equal(200)
      })

  it('never reaches the upstream with the token of a session', async () => {
    const forgeries: Headers[] = [
      { Origin: 'https://evil.example', 'X-CSRF': '1' },
      { Origin: 'null', 'X-CSRF': '1' },
      { 'Sec-Fetch-Site': 'cross-site', 'X-CSRF': '1' },
      { 'Sec-Fetch-Site': 'same-site', 'X-CSRF': '1' },
      { 'Sec-Fetch-Site': 'same-origin' },
      { 'Content-Type': 'text/plain' },
      { 'Content-Type': 'application/x-www-form-urlencoded', Origin: world.gateway.url },
      { 'X-HTTP-Method-Override': 'GET' },
      { 'X-Requested-With': 'XMLHttpRequest' },
      { 'X-CSRF': ['1', '1'] },
      { X_CSRF: '1' },
      {},
    ]
    for (const headers of forgeries)
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const request = { method, target: '/orders?_method=GET', headers: { ...headers, Cookie: live }, body: '{}' }
        expect((await world.client.ask(request)).status, JSON.stringify(headers)).to.equal(403)
      }
    expect(world.upstream.seen).to.deep.equal([])
  })

  it('is told apart from a request of the own pages', async () => {
    const own = { Cookie: live, 'X-CSRF': '1', 'Sec-Fetch-Site': 'same-origin', Origin: world.gateway.url }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'])
      expect((await world.client.ask({ method, target: '/orders', headers: own })).status).to.equal(200)
    expect(world.upstream.seen).to.have.length(5)
  })

  it('is written down with its reason, which the caller is not told', async () => {
    const answer = await world.client.ask({ method: 'POST', target: '/orders', headers: { Cookie: live } })
    expect(answer.text()).not.to.contain('X-CSRF: 1 header')
    const line = world.gateway.logged().findLast(({ message }) => message === 'request refused')
    expect(line).to.include({ errorCode: 'CSRF_REJECTED', reason: 'no X-CSRF: 1 header' })
  })
})
