import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import { the } from '../support/the.ts'

const LIMIT = 5
const LIMITS = {
  RATE_LIMIT_DEFAULT: `${LIMIT}/600`,
  RATE_LIMIT_MANAGEMENT: `${LIMIT}/600`,
  RATE_LIMIT_AUTH_FAILURES: 'off',
}
const GUARDED = ['/me', '/cache/info', '/api/v1/users/me', '/api/v1/monitoring/metrics', '/api/v1/admin/users']

describe('An own endpoint with a guard', () => {
  let world: GuardedGateway
  beforeEach(async () => {
    world = await startGuardedGateway(() => [], LIMITS)
  })
  afterEach(() => world.stop())

  const statuses = async (times: number, target: string, headers: Record<string, string> = {}) => {
    const all: number[] = []
    for (let at = 0; at < times; at++) all.push((await world.client.ask({ target, headers })).status)
    return all
  }

  for (const target of GUARDED)
    it(`counts those whom it sends away: ${target}`, async () => {
      const answered = await statuses(LIMIT + 2, target)
      expect(answered).to.deep.equal([...Array<number>(LIMIT).fill(401), 429, 429])
    })

  it('counts who is known by name and not by address, and once', async () => {
    await statuses(LIMIT + 1, '/me')
    expect(await statuses(LIMIT + 1, '/me', world.bearer())).to.deep.equal([...Array<number>(LIMIT).fill(200), 429])
    expect(await statuses(1, '/me', world.bearer(the.bob()))).to.deep.equal([200])
  })

  it('below /cache answers no other method, and says which ones it does', async () => {
    for (const [target, allow] of Object.entries({ '/cache/info': 'GET, HEAD', '/cache/clear': 'POST' })) {
      const method = 'DELETE'
      const answer = await world.client.ask({ method, target, headers: world.bearer(the.bob()) })
      expect([answer.status, answer.header('allow')], target).to.deep.equal([405, allow])
    }
  })
})
