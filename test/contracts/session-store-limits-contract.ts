import { expect } from 'chai'
import type { SessionRecord } from '../../src/identity/session/session.ts'
import type { SessionStore } from '../../src/identity/session/session-store.ts'
import { the } from '../support/the.ts'
import { ABSOLUTE_MS, IDLE_MS, load, open, SLACK_MS, type StoreWorld, save } from './store-world.ts'

/** How long a session lives. */
export function limitsContract(world: () => StoreWorld): void {
  describe('limits', () => {
    let store: SessionStore
    let now: number
    beforeEach(() => {
      store = world().store
      now = world().clock.now()
    })
    const record = (): SessionRecord => the.record(now)

    it('end a session that sleeps too long', async () => {
      await open(world(), 'a')
      await world().pass(IDLE_MS - 10_000)
      expect(await store.read('a')).not.to.equal(undefined)
      await world().pass(11_000)
      expect(await store.read('a')).to.equal(undefined)
      expect(await load(store, 'a')).to.equal(null)
    })

    it('slide with every touch, for the session and its tokens', async () => {
      await open(world(), 'a')
      for (let i = 0; i < 4; i++) {
        await world().pass(IDLE_MS - 10_000)
        await store.touch('a', record())
      }
      const rest = (await store.read('a'))?.idleExpiresAt ?? 0
      expect(rest - world().clock.now()).to.be.within(IDLE_MS - SLACK_MS, IDLE_MS)
    })

    it('do not slide by being read', async () => {
      await open(world(), 'a')
      for (let i = 0; i < 4; i++) {
        await world().pass(IDLE_MS / 4 - 1_000)
        await store.read('a')
        await load(store, 'a')
      }
      await world().pass(5_000)
      expect(await store.read('a')).to.equal(undefined)
    })

    it('end it at its absolute end, however often it is touched', async () => {
      await open(world(), 'a')
      for (let passed = 0; passed < ABSOLUTE_MS - IDLE_MS; passed += IDLE_MS / 2) {
        await store.touch('a', record())
        await world().pass(IDLE_MS / 2)
      }
      await store.touch('a', record())
      expect((await store.read('a'))?.idleExpiresAt).to.be.at.most(now + ABSOLUTE_MS)
      await world().pass(IDLE_MS + 1_000)
      await store.touch('a', record())
      expect(await store.read('a')).to.equal(undefined)
    })

    it('do not wait for a login whose second half never comes', async () => {
      await store.addTokens('a', the.tokens(now))
      await world().pass(61_000)
      await save(store, 'a', { record: record() })
      expect(await store.read('a')).to.equal(undefined)
    })
  })
}
