import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { type InstancesScene, setInstancesScene } from '../support/instances-scene.ts'
import { logoutToken } from '../support/logout-token.ts'
import { needRedis } from '../support/redis-server.ts'
import { the } from '../support/the.ts'
import { oauthClient } from './oauth-client.ts'

describe('Introspections that are remembered at two instances', function () {
  this.timeout(30_000)
  let instances: InstancesScene
  let scene: InstancesScene['scene']
  let second: InstancesScene['second']
  let [here, there]: ReturnType<typeof oauthClient>[] = []
  before(async function () {
    needRedis(this)
    instances = await setInstancesScene({ INTROSPECTION_CACHE_TTL: '20' })
    ;({ scene, second } = instances)
    here = oauthClient(scene.url)
    there = oauthClient(second.url)
  })
  after(() => instances?.stop())
  beforeEach(() => scene.provider.reset())

  const asked = () => scene.provider.calls('introspect').length
  const ask = async (token: string) =>
    Promise.all([here, there].map(async (post) => (await post?.('introspect', { token }))?.body.active))
  /** Told by both, and then from memory; the first answers after a start may come while nobody is trusted yet. */
  async function remembered(token?: string): Promise<string> {
    const known = token ?? String((await here?.('token', { grant_type: 'client_credentials' }))?.body.access_token)
    const inTime = Date.now() + 10_000
    for (let before = -1; asked() !== before; ) {
      before = asked()
      expect(await ask(known)).to.deep.equal([true, true])
      if (Date.now() > inTime) throw new Error('nothing is remembered')
    }
    return known
  }
  const isAskedAnew = async (token: string) => {
    const before = asked()
    await ask(token)
    return asked() - before
  }

  it('are told from memory until their time is over', async () => {
    const token = await remembered()
    expect(await isAskedAnew(token)).to.equal(0)
    scene.clock.advance('20s')
    expect(await isAskedAnew(token)).to.equal(2)
  })

  it('count no more when the token was revoked at one of them, nor any other of that moment', async () => {
    const [token, other] = [await remembered(), await remembered()]
    expect((await here?.('revoke', { token }))?.status).to.equal(200)
    expect(await ask(token)).to.deep.equal([false, false])
    expect(await isAskedAnew(other)).to.equal(2)
  })

  it('count no more when a refresh token was revoked, with which other tokens end', async () => {
    const token = await remembered()
    await there?.('revoke', { token: 'opaque-refresh-token' })
    expect(await isAskedAnew(token)).to.equal(2)
  })

  it('count no more after a logout by the back channel, and are not remembered again while it is under way', async () => {
    await scene.signedIn()
    const token = await remembered(scene.relayed())
    const { sid } = decodeJwt(token)
    const answer = await fetch(`${second.url}/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({
        logout_token: logoutToken(scene.provider, scene.clock.now(), { claims: { sid } }),
      }),
    })
    expect(answer.status).to.equal(200)
    for (let i = 0; i < 2; i++) expect(await isAskedAnew(token)).to.equal(2)
  })

  it('are cleared with the other caches, and shown among them without what they are about', async () => {
    const token = await remembered()
    const authorization = `Bearer ${scene.provider.accessToken({ claims: { realm_access: { roles: ['admin'] } } })}`
    const info = await fetch(`${second.url}/cache/info`, { headers: { authorization } })
    const { data } = (await info.json()) as { data: { introspection: { keys: string[] } } }
    expect(data.introspection).to.include({ ttl: 20 })
    expect(data.introspection.keys[0]).to.match(/^[\w-]{4}…$/)
    const cleared = await fetch(`${scene.url}/cache/clear`, { method: 'POST', headers: { authorization } })
    expect(cleared.status).to.equal(200)
    expect(await isAskedAnew(token)).to.equal(2)
  })

  it('are not told to whoever cannot prove to be that client', async () => {
    const token = await remembered()
    const { status, body } = (await here?.('introspect', { token }, { basic: `${the.clientId}:guess` })) ?? {}
    expect([status, body?.error]).to.deep.equal([401, 'invalid_client'])
    expect(await isAskedAnew(token)).to.equal(0)
  })
})
