import { expect } from 'chai'
import type { SessionStore } from '../../src/identity/session/session-store.ts'
import { the } from '../support/the.ts'
import { IDLE_MS, load, open, SLACK_MS, type StoreWorld, save } from './store-world.ts'

/** Compare and set: what a refresh may rely on. */
export function renewedTokensContract(world: () => StoreWorld): void {
  describe('renewed tokens', () => {
    let store: SessionStore
    let now: number
    beforeEach(() => {
      store = world().store
      now = world().clock.now()
    })
    const next = (version: number) => the.tokens(now, { version, accessToken: `access ${version}` })

    it('replace those of the version before, with the newest claims', async () => {
      await open(world(), 'a')
      const record = the.record(now, { caller: { ...the.caller(), roles: ['realm:admin'] } })
      expect(await store.replaceTokens('a', next(2), record)).to.equal(true)
      expect(await store.read('a')).to.deep.include({ tokens: next(2), record })
      expect((await load(store, 'a'))?.record).to.deep.equal(record)
    })

    for (const [what, have, given] of [
      ['the same version', 1, 1],
      ['one left out', 1, 3],
      ['an older one', 5, 5],
      ['a version that begins alike', 11, 2],
      ['a version that ends alike', 1, 12],
    ] as const) {
      it(`are refused for ${what}`, async () => {
        await open(world(), 'a', next(have))
        const tokens = the.tokens(now, { version: given, accessToken: 'of somebody else' })
        expect(await store.replaceTokens('a', tokens, the.record(now))).to.equal(false)
        expect((await store.read('a'))?.tokens).to.deep.equal(next(have))
      })
    }

    it('may be written again by who does not know whether they arrived', async () => {
      await open(world(), 'a')
      const record = the.record(now, { caller: { ...the.caller(), roles: ['realm:admin'] } })
      expect(await store.replaceTokens('a', next(2), the.record(now))).to.equal(true)
      expect(await store.replaceTokens('a', next(2), record)).to.equal(true)
      expect(await store.read('a')).to.deep.include({ tokens: next(2), record })
    })

    it('are taken from one writer only when many write at once', async () => {
      await open(world(), 'a')
      const writes = Array.from({ length: 20 }, (_, i) =>
        store.replaceTokens('a', the.tokens(now, { version: 2, accessToken: `of ${i}` }), the.record(now)),
      )
      const wrote = (await Promise.all(writes)).flatMap((won, i) => (won ? [`of ${i}`] : []))
      expect(wrote).to.have.length(1)
      expect((await store.read('a'))?.tokens.accessToken).to.equal(wrote[0])
    })

    it('do not revive a session that ended', async () => {
      await open(world(), 'a')
      await store.destroy('a')
      expect(await store.replaceTokens('a', next(2), the.record(now))).to.equal(false)
      expect(await store.read('a')).to.equal(undefined)
      await save(store, 'a', { record: the.record(now) })
      expect(await store.read('a')).to.equal(undefined)
    })

    it('do not let it sleep longer', async () => {
      await open(world(), 'a')
      await world().pass(IDLE_MS - 60_000)
      await store.replaceTokens('a', next(2), the.record(now))
      expect((await store.read('a'))?.idleExpiresAt).to.be.within(now + IDLE_MS - SLACK_MS, now + IDLE_MS + SLACK_MS)
      await world().pass(61_000)
      expect(await store.read('a')).to.equal(undefined)
    })
  })
}
