import { expect } from 'chai'
import { the } from '../support/the.ts'
import { type GuardedGateway, startGuardedGateway } from './guarded-gateway.ts'

describe('Limits on the way to an upstream', () => {
  let world: GuardedGateway
  beforeEach(async () => {
    world = await startGuardedGateway(
      (upstream) => [
        { upstream, id: 'tight', path: '/tight', auth: 'none', rateLimit: { limit: 2, window: 3600 } },
        { upstream, id: 'mine', path: '/mine', auth: ['bearer'], rateLimit: { limit: 2, window: 3600 } },
        { upstream, id: 'wide', path: '/wide', auth: 'none' },
        { upstream, id: 'guarded', path: '/guarded', auth: ['bearer'] },
      ],
      { RATE_LIMIT_DEFAULT: '5/3600', RATE_LIMIT_AUTH_FAILURES: '3/3600' },
    )
  })
  afterEach(() => world.stop())

  const ask = (target: string, headers = {}) => world.client.ask({ target, headers })
  async function statuses(times: number, target: string, headers = {}): Promise<number[]> {
    const all: number[] = []
    for (let i = 0; i < times; i++) all.push((await ask(target, headers)).status)
    return all
  }

  it('count for all routes together', async () => {
    expect(await statuses(6, '/wide')).to.deep.equal([200, 200, 200, 200, 200, 429])
    expect(await statuses(1, '/tight')).to.deep.equal([429])
    expect(world.upstream.seen).to.have.length(5)
  })

  it('count for one route by itself', async () => {
    expect(await statuses(3, '/tight')).to.deep.equal([200, 200, 429])
    expect(await statuses(1, '/wide')).to.deep.equal([200])
  })

  it('are told with every answer, both of them', async () => {
    const answer = await ask('/tight')
    expect(answer.values('ratelimit-policy')).to.deep.equal(['"default"; q=5; w=3600, "tight"; q=2; w=3600'])
    expect(answer.header('ratelimit')).to.match(/^"default"; r=4; t=\d+, "tight"; r=1; t=\d+$/)
    expect((await ask('/wide')).header('ratelimit')).to.match(/^"default"; r=3; t=\d+$/)
  })

  it('are told with the refusal, and when to come again', async () => {
    await statuses(2, '/tight')
    const refused = await ask('/tight')
    expect(refused.json().error.code).to.equal('RATE_LIMITED')
    expect(refused.header('ratelimit')).to.match(/^"tight"; r=0; t=\d+$/)
    expect(Number(refused.header('retry-after')))
      .to.be.greaterThan(0)
      .and.at.most(7_200)
  })

  it('count a caller that is known, wherever it calls from', async () => {
    expect(await statuses(3, '/mine', world.bearer())).to.deep.equal([200, 200, 429])
    expect(await statuses(1, '/mine', world.bearer(the.bob()))).to.deep.equal([200])
  })

  it('count nobody at a guarded route by the address', async () => {
    expect(await statuses(6, '/guarded')).to.deep.equal([401, 401, 401, 401, 401, 429])
  })

  it('leave health alone', async () => {
    await statuses(6, '/wide')
    expect(await statuses(20, '/health')).to.deep.equal(Array(20).fill(200))
  })

  it('close the door for an address that keeps on trying tokens', async () => {
    const bad = { Authorization: 'Bearer x.y.z' }
    expect(await statuses(4, '/guarded', bad)).to.deep.equal([401, 401, 401, 429])
    const refused = await ask('/guarded', world.bearer())
    expect([refused.status, refused.json().error.code]).to.deep.equal([429, 'RATE_LIMITED'])
    expect(Number(refused.header('retry-after'))).to.be.greaterThan(0)
    // Where no credential is looked at, none can be tried.
    expect(await statuses(1, '/wide', bad)).to.deep.equal([200])
  })

  it('close it for forged cookies, too', async () => {
    const forged = { Cookie: 'cloakroom=s%3Aabc.def' }
    const page = await Promise.all(Array.from({ length: 3 }, () => ask('/me', forged)))
    expect(page.map(({ status }) => status)).to.deep.equal([401, 401, 401])
    expect((await ask('/me', forged)).status).to.equal(429)
  })

  it('do not count nobody as somebody who tries', async () => {
    expect(await statuses(4, '/me')).to.deep.equal([401, 401, 401, 401])
    expect(await statuses(1, '/guarded', world.bearer())).to.deep.equal([200])
  })
})
