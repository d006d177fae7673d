import { expect } from 'chai'
import { startClusterSetUp } from '../support/redis-cluster.ts'
import { startSentinelSetUp } from '../support/redis-sentinel.ts'
import { needRedis } from '../support/redis-server.ts'
import { the } from '../support/the.ts'
import { type Cluster, startCluster } from './cluster.ts'

interface SetUp {
  env: Record<string, string>
  /** A primary dies, and another server takes its place by itself. */
  fail(): Promise<void>
  stop(): Promise<void>
}

const SET_UPS: Record<string, () => Promise<SetUp>> = {
  async 'Sentinels watch over'() {
    const setUp = await startSentinelSetUp()
    return { ...setUp, fail: async () => (await setUp.primary()).kill() }
  },
  async 'form a Cluster'() {
    const setUp = await startClusterSetUp({ replicas: true })
    return { ...setUp, fail: async () => (await setUp.primaries())[0]?.kill() }
  },
}

for (const [what, start] of Object.entries(SET_UPS)) {
  describe(`Three gateway processes on Redis servers that ${what}`, function () {
    this.timeout(90_000)
    let setUp: SetUp
    let cluster: Cluster
    before(async function () {
      needRedis(this)
      setUp = await start()
      cluster = await startCluster(3, { REDIS_URL: '', ...setUp.env })
    })
    after(async () => {
      await cluster?.stop()
      await setUp?.stop()
    })

    const statuses = (ticket: string) => cluster.callAll(ticket, cluster.instances.length)
    const servedAgain = async (ticket: string) => {
      for (;;) {
        const seen = await statuses(ticket)
        expect(seen.filter((status) => status !== 200 && status !== 503)).to.deep.equal([])
        if (seen.every((status) => status === 200)) return
      }
    }

    it('renew an expired session once for 200 calls', async () => {
      const ticket = await cluster.signInAndExpire()
      expect(new Set(await cluster.callAll(ticket, 200))).to.deep.equal(new Set([200]))
      expect(cluster.refreshes()).to.have.length(1)
    })

    it('all know of a sign-out at one of them when it is answered', async () => {
      const ticket = await cluster.signIn()
      expect(await statuses(ticket)).to.deep.equal([200, 200, 200])
      const answer = await cluster.instances[0]?.call(ticket, '/logout', { method: 'POST' })
      expect(answer?.status).to.equal(200)
      expect(await statuses(ticket)).to.deep.equal([401, 401, 401])
    })

    it('lose nobody when a primary dies, and know again of every sign-out', async () => {
      const tickets = [await cluster.signIn(), await cluster.signIn()]
      for (const ticket of tickets) expect(await statuses(ticket)).to.deep.equal([200, 200, 200])
      cluster.api.forget()
      await setUp.fail()
      for (const ticket of tickets) await servedAgain(ticket)
      expect(new Set(cluster.api.seen.map((seen) => seen.header('x-user-id')))).to.deep.equal(
        new Set([the.alice().sub]),
      )
      const [leaving = '', staying = ''] = tickets
      for (;;) {
        const answer = await cluster.instances[1]?.call(leaving, '/logout', { method: 'POST' })
        if (answer?.status === 200) break
        expect(answer?.status).to.equal(503)
      }
      expect(await statuses(leaving)).to.deep.equal([401, 401, 401])
      await servedAgain(staying)
    })
  })
}
