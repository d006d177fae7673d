import { expect } from 'chai'
import { needRedis } from '../support/redis-server.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'
import { type Crowd, crowdAt } from './crowd.ts'
import { ailments, type Patient } from './redis-ailments.ts'

const PEOPLE = 12
const CALLS_BEFORE = 300
const REFUSALS = 60

const OUTAGES = ['is dead, then starts again from its disk', 'fails over (Sentinel)', 'fails over (Cluster)']

for (const what of OUTAGES) {
  describe(`Under load, when Redis ${what}`, function () {
    this.timeout(60_000)
    let patient: Patient | undefined
    let scene: Scene
    let crowd: Crowd
    before(async function () {
      needRedis(this)
      patient = await ailments[what]?.start()
      // Every call asks Redis.
      scene = await setScene({ env: { ...patient?.env, IDENTITY_CACHE_TTL: '0' } })
      const people = Array.from({ length: PEOPLE }, (_, at) => ({ ...the.alice(), sub: `person-${at}` }))
      crowd = await crowdAt(scene, people)
    })
    after(async () => {
      await crowd?.stop()
      await scene?.stop()
      await patient?.stop()
    })

    it('each answer is about the right person or 503, and nobody has to sign in again', async () => {
      crowd.begin()
      await crowd.until(({ good }) => good >= CALLS_BEFORE)
      const began = performance.now()
      await patient?.fallIll()
      await crowd.until(({ refused }) => refused >= REFUSALS)
      await patient?.getWell()
      await crowd.untilAllServed()
      const seconds = ((performance.now() - began) / 1_000).toFixed(1)
      await crowd.stop()
      const { good, refused, odd, wrong } = crowd.counts
      process.stdout.write(`      ${good} answers, ${refused} times 503, all served again after ${seconds} s\n`)
      expect({ odd, wrong }).to.deep.equal({ odd: [], wrong: 0 })
      expect(crowd.cookiesKept()).to.equal(PEOPLE)
      expect(scene.gateway.logText()).not.to.match(/nobody (caught|noticed)/)
    })
  })
}
