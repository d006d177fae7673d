import { expect } from 'chai'
import { freePort } from '../support/free-port.ts'
import { startGateway } from '../support/gateway.ts'
import { type InstancesScene, setInstancesScene } from '../support/instances-scene.ts'
import { needRedis } from '../support/redis-server.ts'
import { the } from '../support/the.ts'
import { oauthClient } from './oauth-client.ts'

const STATUS_WHEN_NOBODY_KNOWS = 503

describe('a token that is revoked at one instance', function () {
  this.timeout(30_000)
  let instances: InstancesScene
  let scene: InstancesScene['scene']
  let second: InstancesScene['second']
  let post: ReturnType<typeof oauthClient>
  before(async function () {
    needRedis(this)
    instances = await setInstancesScene({
      REVOCATION_GRACE: '0',
      RATE_LIMIT_AUTH_FAILURES: 'off',
      RATE_LIMIT_MANAGEMENT: 'off',
    })
    ;({ scene, second } = instances)
    post = oauthClient(scene.url)
  })
  after(() => instances?.stop())

  const newToken = () => scene.provider.accessToken({ claims: { azp: the.clientId } })
  const callAt = async (url: string, token: string) =>
    (await fetch(`${url}/me`, { headers: { authorization: `Bearer ${token}` } })).status
  const everywhere = (token: string) => Promise.all([scene.url, second.url].map((url) => callAt(url, token)))

  it('is refused at the other one, too, before the next call, however hot the caches are', async () => {
    for (let round = 0; round < 20; round++) {
      const token = newToken()
      expect(await everywhere(token)).to.deep.equal([200, 200])
      expect((await post('revoke', { token })).status).to.equal(200)
      expect(await everywhere(token)).to.deep.equal([401, 401])
    }
  })

  it('is refused in the middle of a stream of calls: none that began after the answer gets through', async () => {
    const token = newToken()
    let revoked = false
    let late = 0
    const caller = async (url: string) => {
      for (let after = 0; after < 5; ) {
        const began = revoked
        const status = await callAt(url, token)
        if (began && status !== 401) late++
        if (began) after++
      }
    }
    const callers = [scene.url, second.url, second.url].map(caller)
    expect((await post('revoke', { token })).status).to.equal(200)
    revoked = true
    await Promise.all(callers)
    expect(late).to.equal(0)
  })

  it('stays refused by an instance that starts later', async () => {
    const token = newToken()
    await post('revoke', { token })
    const port = String(await freePort())
    const own = {
      PORT: port,
      PUBLIC_URL: scene.url,
      ALLOWED_HOSTS: `localhost:${port}`,
      REDIS_URL: instances.redis.url,
    }
    const third = await startGateway({ env: { ...scene.provider.env, ...own }, clock: scene.clock })
    try {
      expect(await callAt(third.url, token)).to.equal(401)
      expect(await callAt(third.url, newToken())).to.equal(200)
    } finally {
      await third.stop()
    }
  })

  it('tells nobody anything while Redis hangs: 503 to those who call and to those who revoke', async () => {
    const [token, revoked] = [newToken(), newToken()]
    await post('revoke', { token: revoked })
    expect(await everywhere(token)).to.deep.equal([200, 200])
    await instances.redis.pause()
    let seen: number[] = []
    const deadline = Date.now() + 10_000
    while (!seen.every((status) => status === STATUS_WHEN_NOBODY_KNOWS) || seen.length === 0) {
      seen = await everywhere(token)
      if (Date.now() > deadline) throw new Error(`still ${seen}`)
    }
    expect(await everywhere(revoked)).to.deep.equal([401, 401])
    const answer = await post('revoke', { token })
    expect([answer.status, answer.body.error]).to.deep.equal([503, 'temporarily_unavailable'])
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/)
    await instances.redis.resume()
    while ((await post('revoke', { token })).status !== 200);
    expect(await everywhere(token)).to.deep.equal([401, 401])
  })
})
