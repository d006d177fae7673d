import { expect } from 'chai'
import { needRedis } from '../support/redis-server.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { type Everybody, everybody } from './everybody.ts'
import { ailments, type Patient } from './redis-ailments.ts'

for (const [what, { calls, ready, logins, start }] of Object.entries(ailments)) {
  describe(`When Redis ${what}`, function () {
    this.timeout(60_000)
    let patient: Patient
    let scene: Scene
    let all: Everybody
    before(async function () {
      needRedis(this)
      patient = await start()
      scene = await setScene({ env: { ...patient.env, RATE_LIMIT_BACKCHANNEL: 'off' } })
      all = await everybody(scene)
    })
    after(async () => {
      await scene?.stop()
      await patient?.stop()
    })

    it('nobody is taken for somebody else or for nobody, no cookie ends, and all goes on by itself', async () => {
      expect(await all.call()).to.deep.equal([200, 200])
      await patient.fallIll()
      // What is asked while it falls ill may still be answered from memory.
      await all.ask()
      if (calls === 503) {
        const { call, ready: readiness, login } = await sickness()
        expect(call.map(({ status }) => status)).to.include(503)
        expect(readiness[0]?.status).to.be.oneOf([ready, 200])
        expect(login[0]?.status).to.be.oneOf([logins, 302])
      } else {
        const answers = await all.ask()
        expect(answers.call.map(({ status }) => status)).to.deep.equal([200, 200])
        expect(answers.ready[0]?.status).to.equal(ready)
        expect((await degraded()).body).to.include('takes no writes')
        expect(answers.login[0]?.status).to.equal(logins)
      }
      const { health, public: open } = await all.ask()
      expect([health[0]?.status, open[0]?.status]).to.deep.equal([200, 200])

      await patient.getWell()
      while (!(await all.call()).every((status) => status === 200));
      expect(all.haveTheirCookies()).to.equal(true)
      const after = await wellAgain()
      expect(after.session[0]?.status).to.equal(200)
      expect(after.ready[0]?.status).to.equal(200)
      expect(await all.hasLeftForGood()).to.equal(true)
      await scene.signedIn()
      expect(scene.gateway.logText()).not.to.match(/nobody (caught|noticed)|canary/)
    })

    async function degraded() {
      for (;;) {
        const page = await scene.newBrowser().fetch(`${scene.url}/ready`)
        const { dependencies } = JSON.parse(page.body) as { dependencies: { redis: { status: string } } }
        if (dependencies.redis.status === 'degraded') return page
      }
    }

    async function sickness() {
      for (;;) {
        const answers = await all.ask()
        if (answers.call.some(({ status }) => status === 503)) return answers
      }
    }

    async function wellAgain() {
      for (;;) {
        const answers = await all.ask()
        if ([answers.login, answers.session, answers.bearer, answers.ready].every(([page]) => page?.status !== 503))
          return answers
      }
    }
  })
}
