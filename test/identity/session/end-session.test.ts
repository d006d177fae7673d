import { expect } from 'chai'
import { createEndSession } from '../../../src/identity/session/end-session.ts'
import { createMemorySessionStore } from '../../../src/identity/session/memory-session-store.ts'
import type { RememberedSession } from '../../../src/identity/session/session-authenticator.ts'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { MessageBus } from '../../../src/platform/redis/message-bus.ts'
import { open } from '../../contracts/store-world.ts'
import { testClock } from '../../support/test-clock.ts'

describe('Ending a session', () => {
  async function given({ failures = 0 } = {}) {
    const clock = testClock()
    const store = createMemorySessionStore({ clock, idleTimeout: 1_800 })
    await open({ store, clock, pass: async () => undefined }, 'a')
    const remembered = createMemoryCache<RememberedSession | 'over'>({ name: 'identity', ttl: 60, maxSize: 10, clock })
    remembered.set('a', 'over')
    const told: string[] = []
    const reasons: string[] = []
    let left = failures
    let reconnected: () => void = () => undefined
    const bus: Pick<MessageBus, 'publish' | 'subscribe' | 'onReconnect'> = {
      async publish(_channel, id) {
        if (left-- > 0) throw new Error('the connection broke')
        told.push(`${id}, in the store: ${(await store.read(id)) !== undefined}`)
        return 1
      },
      subscribe: () => undefined,
      onReconnect: (listener) => {
        reconnected = listener
      },
    }
    const endSession = createEndSession({
      store,
      remembered,
      bus: bus as MessageBus,
      onEnded: (why) => void reasons.push(why),
    })
    return { store, remembered, endSession, told, reasons, reconnect: () => reconnected() }
  }

  it('removes it from the store first, then here, then everywhere', async () => {
    const { store, remembered, endSession, told, reasons } = await given()
    await endSession('a', 'logout')
    expect(await store.read('a')).to.equal(undefined)
    expect(remembered.get('a')).to.equal(undefined)
    expect(told).to.deep.equal(['a, in the store: false'])
    expect(reasons).to.deep.equal(['logout'])
  })

  it('tells the others again when the connection breaks at that very moment', async () => {
    const { endSession, told } = await given({ failures: 3 })
    await endSession('a', 'logout')
    expect(told).to.have.length(1)
  })

  it('is over all the same when nobody can be told, after a while and not never', async () => {
    const { store, endSession, told, reasons } = await given({ failures: Number.POSITIVE_INFINITY })
    await endSession('a', 'logout')
    expect(told).to.deep.equal([])
    expect(await store.read('a')).to.equal(undefined)
    expect(reasons).to.deep.equal(['logout'])
  })

  it('has not happened while the store cannot be reached, and what was remembered is asked again', async () => {
    const { store, remembered, endSession, told, reasons } = await given()
    store.destroy = async () => {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'away')
    }
    expect(await endSession('a', 'logout').catch((error: unknown) => error)).to.include({ status: 503 })
    expect(remembered.get('a')).to.equal(undefined)
    expect([told, reasons]).to.deep.equal([[], []])
  })

  it('forgets everything that is remembered when messages may have been missed', async () => {
    const { remembered, reconnect } = await given()
    reconnect()
    expect(remembered.get('a')).to.equal(undefined)
  })
})
