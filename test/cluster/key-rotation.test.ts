import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createClient } from 'redis'
import { redisKeys } from '../../src/platform/redis/redis-keys.ts'
import { needRedis } from '../support/redis-server.ts'
import { type Cluster, startCluster } from './cluster.ts'

describe('The keys of a cluster are changed while people are signed in', function () {
  this.timeout(60_000)
  let cluster: Cluster
  const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
  const [oldSecret, newSecret] = [randomBytes(48).toString('base64'), randomBytes(48).toString('base64')]
  const keys = (sealing: string[], signing: string[]) => ({
    SESSION_ENCRYPTION_KEYS: sealing.join(','),
    SESSION_SECRET_KEY: signing.join(','),
  })
  before(async function () {
    needRedis(this)
    cluster = await startCluster(1, keys([oldKey], [oldSecret]))
  })
  after(() => cluster?.stop())

  it('nobody is signed out, and what is written is sealed with the new key from then on', async () => {
    const sealedBy = async () => {
      const spy = createClient({ url: cluster.redis.url })
      await spy.connect()
      const names = [...(await spy.keys(`${redisKeys.sessionPrefix}*`)), ...(await spy.keys(redisKeys.tokens('*')))]
      const values = await Promise.all(names.map((name) => spy.get(name)))
      spy.destroy()
      return new Set(values.map((value) => /s1\.([^.]+)\./.exec(value ?? '')?.[1]))
    }
    const ticket = await cluster.signInAndExpire()
    const [before] = await sealedBy()

    // First every instance learns the new key, then it becomes the first of the ring.
    const learns = await cluster.start(keys([oldKey, newKey], [oldSecret, newSecret]))
    const changes = await cluster.start(keys([newKey, oldKey], [newSecret, oldSecret]))
    expect((await changes.call(ticket)).status).to.equal(200)
    expect(cluster.refreshes()).to.have.length(1)
    const after = await sealedBy()
    expect(after).to.have.property('size', 1)
    expect(after).not.to.include(before)
    expect((await learns.call(ticket)).status, 'an instance that still seals with the old key').to.equal(200)

    const knowsOnlyNew = await cluster.start(keys([newKey], [newSecret, oldSecret]))
    expect((await knowsOnlyNew.call(ticket)).status, 'an instance that has forgotten the old key').to.equal(200)
    expect((await knowsOnlyNew.call(ticket, '/session')).status).to.equal(200)
  })

  it('a session whose key is gone is over there; nothing breaks, and those who have the key still know it', async () => {
    const ticket = await cluster.signIn()
    const stranger = await cluster.start(keys([newKey], [oldSecret]))
    expect((await stranger.call(ticket)).status).to.equal(401)
    expect((await stranger.call(ticket, '/public')).status).to.equal(200)
    expect((await cluster.instances[0]?.call(ticket))?.status).to.equal(200)
  })
})
