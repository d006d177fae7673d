import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { until } from '../platform/redis/connect-redis-client.ts'
import { needRedis } from '../support/redis-server.ts'
import { type Cluster, startCluster } from './cluster.ts'
import type { Instance } from './instance.ts'

describe('An expired session on three gateway processes', function () {
  this.timeout(60_000)
  let cluster: Cluster
  before(async function () {
    needRedis(this)
    cluster = await startCluster(3)
  })
  after(() => cluster?.stop())
  beforeEach(() => {
    cluster.provider.reset()
    cluster.api.forget()
  })

  const at = (index: number): Instance => {
    const instance = cluster.instances[index]
    if (instance === undefined) throw new Error(`there is no instance ${index}`)
    return instance
  }
  const relayed = () => new Set(cluster.api.seen.map((seen) => seen.header('authorization')))
  const all = (calls: number) => Array.from({ length: calls }, () => 200)

  it('is renewed once though 200 calls come at once, and all go on with the same new token', async () => {
    const ticket = await cluster.signInAndExpire()
    expect(await cluster.callAll(ticket, 200)).to.deep.equal(all(200))
    expect(cluster.refreshes()).to.have.length(1)
    expect(relayed()).to.have.property('size', 1)
  })

  it('is renewed once also when the provider takes 10 s', async () => {
    const ticket = await cluster.signInAndExpire()
    const hold = cluster.provider.hold('token')
    const calls = cluster.callAll(ticket, 200)
    await hold.arrived
    await pause(10_000)
    hold.release()
    expect(await calls).to.deep.equal(all(200))
    expect(cluster.refreshes()).to.have.length(1)
    expect(relayed()).to.have.property('size', 1)
  })

  it('goes on, refresh after refresh, and no refresh token is ever used twice', async () => {
    let ticket = ''
    for (let round = 0; round < 3; round++) {
      if (round === 0) ticket = await cluster.signInAndExpire()
      cluster.provider.script.expiresIn = 1
      expect(await cluster.callAll(ticket, 30)).to.deep.equal(all(30))
      const expiresAt = Date.now() + 1_000
      await until(() => Date.now() > expiresAt)
    }
    const used = cluster.refreshes()
    expect(used.length).to.be.at.least(3)
    expect(new Set(used)).to.have.property('size', used.length)
  })

  it('is not renewed a second time by a holder that slept through its lease: it writes nothing', async () => {
    cluster.provider.script.refresh.reuse = 1
    const ticket = await cluster.signInAndExpire()
    const hold = cluster.provider.hold('token')
    const sleeper = at(0).call(ticket)
    await hold.arrived
    at(0).freeze()
    const others = [at(1).call(ticket), at(2).call(ticket)]
    await until(() => hold.waiting() === 2)
    hold.release()
    for (const { status } of await Promise.all(others)) expect(status).to.equal(200)
    const [theirs] = relayed()
    cluster.api.forget()
    at(0).thaw()
    expect((await sleeper).status).to.equal(200)
    expect([...relayed()]).to.deep.equal([theirs])
    expect(cluster.refreshes()).to.have.length(2)
    expect(cluster.provider.calls('revoke')).to.deep.equal([])
  })

  it('is renewed by another instance when the one that did it is killed in the middle; one refresh more', async () => {
    cluster.provider.script.refresh.reuse = 1
    const ticket = await cluster.signInAndExpire()
    const victim = await cluster.start()
    const hold = cluster.provider.hold('token')
    const lost = victim.call(ticket).catch(() => 'broken off')
    await hold.arrived
    const others = [0, 1, 2].flatMap((index) => [at(index).call(ticket), at(index).call(ticket)])
    await victim.kill()
    expect(await lost).to.equal('broken off')
    await until(() => hold.waiting() === 2)
    hold.release()
    for (const { status } of await Promise.all(others)) expect(status).to.equal(200)
    expect(cluster.refreshes()).to.have.length(2)
    expect(new Set(cluster.refreshes())).to.have.property('size', 1)
    expect((await at(1).call(ticket, '/session')).status).to.equal(200)
  })
})
