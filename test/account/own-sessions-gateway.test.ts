import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { type InstancesScene, setInstancesScene } from '../support/instances-scene.ts'
import { needRedis } from '../support/redis-server.ts'
import { the } from '../support/the.ts'

const OWN = '/api/v1/users/me/sessions'
const PROOF = { 'x-csrf': '1' }

describe('Own sessions at two instances with one Redis', () => {
  let instances: InstancesScene
  let scene: InstancesScene['scene']
  let second: InstancesScene['second']
  let here: Browser
  let there: Browser
  before(async function () {
    needRedis(this)
    instances = await setInstancesScene({ IDENTITY_CACHE_TTL: '60' })
    ;({ scene, second } = instances)
  })
  after(() => instances?.stop())
  beforeEach(async () => {
    scene.provider.reset()
    scene.provider.script.sid = `here-${scene.clock.now()}`
    here = await scene.signedIn()
    scene.provider.script.sid = `there-${scene.clock.now()}`
    there = await scene.signedIn()
  })
  afterEach(async () => {
    await here.fetch(scene.url + OWN, { method: 'DELETE', headers: PROOF })
    await here.fetch(`${scene.url}/logout`, { method: 'POST', headers: PROOF })
  })

  const end = (browser: Browser, path = OWN, headers: Record<string, string> = PROOF) =>
    browser.fetch(scene.url + path, { method: 'DELETE', headers })
  const me = (browser: Browser, at: string) => browser.fetch(`${at}/me`, { from: at })

  it('are listed for the cookie and for a bearer token, and nothing in the answer opens a session', async () => {
    const page = await here.fetch(scene.url + OWN)
    expect(page.header('cache-control')).to.equal('no-store')
    const { sessions, total, keycloak } = page.json().data
    expect([total, keycloak]).to.deep.equal([2, 'not-configured'])
    expect(sessions.filter(({ current }: { current: boolean }) => current)).to.have.length(1)
    const cookie = decodeURIComponent(here.jar.of(scene.url)[0]?.value ?? '').replace(/^s:/, '')
    expect(page.body).not.to.include(cookie.split('.')[0])
    expect(page.body).not.to.include(scene.provider.script.sid)
    const bearer = await scene.bearer(scene.provider.accessToken(), OWN)
    expect(bearer.json().data.total).to.equal(2)
  })

  it('end at every instance before the answer is given, and cookies of others are not touched', async () => {
    for (const at of [scene.url, second.url]) expect((await me(there, at)).status).to.equal(200)
    const answer = await end(here)
    expect(answer.json().data).to.deep.equal({ ended: 1, keycloak: 'not-configured' })
    expect(answer.header('set-cookie')).to.equal(undefined)
    for (const at of [second.url, scene.url]) {
      expect((await me(there, at)).status).to.equal(401)
      expect((await me(here, at)).status).to.equal(200)
    }
    expect(scene.provider.calls('revoke')).to.have.length(1)
  })

  it('need the proof of CSRF with a cookie, and none with a bearer token', async () => {
    expect((await end(here, OWN, {})).json().error.code).to.equal('CSRF_REJECTED')
    const foreign = await here.fetch(scene.url + OWN, {
      method: 'DELETE',
      from: 'https://evil.example',
      headers: PROOF,
    })
    expect(foreign.json().error.code).to.equal('CSRF_REJECTED')
    expect((await me(there, scene.url)).status).to.equal(200)
    const { sid } = scene.provider.script
    const headers = { authorization: `Bearer ${scene.provider.accessToken({ claims: { sid } })}` }
    expect((await scene.newBrowser().fetch(scene.url + OWN, { method: 'DELETE', headers })).status).to.equal(200)
    // The token belongs to the single sign-on of the one, so it counts as the current one.
    expect((await me(there, scene.url)).status).to.equal(200)
    expect((await me(here, scene.url)).status).to.equal(401)
  })

  it('are nobody’s without a sign-in, and the administrator’s alone below /admin', async () => {
    const stranger = scene.newBrowser()
    for (const method of ['GET', 'DELETE'])
      expect((await stranger.fetch(scene.url + OWN, { method, headers: PROOF })).status, method).to.equal(401)
    const admin = [`/users/${the.alice().sub}/sessions`, '/sessions?sid=a', `/sessions/${'A'.repeat(43)}`]
    for (const path of admin) {
      expect((await stranger.fetch(`${scene.url}/api/v1/admin${path}`)).status, path).to.equal(401)
      expect((await end(here, `/api/v1/admin${path}`)).status, path).to.equal(403)
    }
    expect((await me(there, scene.url)).status).to.equal(200)
  })

  it('are ended by an administrator everywhere at once, and the log says by whom', async () => {
    scene.provider.script.person = the.bob()
    const bob = await scene.signedIn()
    for (const at of [scene.url, second.url]) expect((await me(there, at)).status).to.equal(200)
    const { data } = (await end(bob, `/api/v1/admin/users/${the.alice().sub}/sessions`)).json()
    expect(data).to.deep.equal({ ended: 2, keycloak: 'not-configured' })
    for (const at of [second.url, scene.url])
      for (const browser of [here, there]) expect((await me(browser, at)).status).to.equal(401)
    const line = scene.gateway.logged().find(({ message }) => message === 'an administrator ended sessions')
    expect(line).to.include({ by: the.bob().sub, user: the.alice().sub, ended: 2 })
  })

  it('answer 503 while Redis hangs, and nothing has ended afterwards', async function () {
    this.timeout(30_000)
    await instances.redis.pause()
    const asked = await Promise.all([here.fetch(scene.url + OWN), end(here)])
    await instances.redis.resume()
    for (const page of asked) expect(page.json().error.code).to.equal('SESSION_STORE_UNAVAILABLE')
    const deadline = Date.now() + 20_000
    let status = 0
    while (status !== 200 && Date.now() < deadline) status = (await me(there, scene.url)).status
    expect(status).to.equal(200)
  })
})
