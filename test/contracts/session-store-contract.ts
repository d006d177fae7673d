import { expect } from 'chai'
import type { SessionStore } from '../../src/identity/session/session-store.ts'
import { the } from '../support/the.ts'
import { throughExpressContract } from './session-store-express-contract.ts'
import { indexContract } from './session-store-index-contract.ts'
import { limitsContract } from './session-store-limits-contract.ts'
import { renewedTokensContract } from './session-store-tokens-contract.ts'
import { adopt, IDLE_MS, load, open, SLACK_MS, type StoreWorld, save } from './store-world.ts'

/** What every session store does, whatever it is made of. */
export function sessionStoreContract(name: string, make: () => Promise<StoreWorld>): void {
  describe(`${name} keeps the contract of session stores`, () => {
    let store: SessionStore
    let world: StoreWorld
    let now: number
    beforeEach(async () => {
      world = await make()
      store = world.store
      now = world.clock.now()
    })

    describe('keeping', () => {
      it('gives back what was put in, and how long it may sleep', async () => {
        await open(world, 'a')
        const session = await store.read('a')
        expect(session).to.deep.include({ id: 'a', record: the.record(now), tokens: the.tokens(now) })
        expect(session?.idleExpiresAt).to.be.within(now + IDLE_MS - SLACK_MS, now + IDLE_MS)
      })

      for (const id of ['nobody', '', '__proto__', 'constructor', 'a:b', '*', 'x'.repeat(1_000), 'ä\u0000\r\n']) {
        it(`knows nothing of ${JSON.stringify(id.slice(0, 20))}`, async () => {
          await open(world, 'a')
          expect(await store.read(id)).to.equal(undefined)
        })
      }

      it('knows no session by its tokens or its record alone', async () => {
        await store.addTokens('tokens', the.tokens(now))
        await save(store, 'record', { record: the.record(now) })
        expect(await store.read('tokens')).to.equal(undefined)
        expect(await store.read('record')).to.equal(undefined)
      })

      it('lets nobody change a session by holding on to what was read', async () => {
        await open(world, 'a')
        const session = await store.read('a')
        ;(session?.record.caller as { id: string }).id = 'mallory'
        ;(session?.tokens as { accessToken: string }).accessToken = 'forged'
        expect(await store.read('a')).to.deep.include({ record: the.record(now), tokens: the.tokens(now) })
      })

      it('keeps sessions apart', async () => {
        await open(world, 'a')
        await open(world, 'b', the.tokens(now, { accessToken: 'of b' }))
        await store.destroy('a')
        expect((await store.read('b'))?.tokens.accessToken).to.equal('of b')
      })
    })

    describe('for express-session', () => {
      it('gives the data without tokens, and null where there is none', async () => {
        await open(world, 'a')
        const data = await load(store, 'a')
        expect(data?.record).to.deep.equal(the.record(now))
        expect(JSON.stringify(data)).not.to.include('canary')
        expect(await load(store, 'nobody')).to.equal(null)
      })

      it('writes a loaded session back while it lives', async () => {
        await open(world, 'a')
        const loaded = adopt(store, await load(store, 'a'))
        loaded.record = the.record(now, { tenant: 'acme' })
        await save(store, 'a', loaded)
        expect((await store.read('a'))?.record.tenant).to.equal('acme')
        expect((await store.read('a'))?.tokens).to.deep.equal(the.tokens(now))
      })

      it('does not revive a session that ended while a request was on its way', async () => {
        await open(world, 'a')
        const inFlight = adopt(store, await load(store, 'a'))
        await store.destroy('a')
        await save(store, 'a', inFlight)
        expect(await store.read('a')).to.equal(undefined)
        expect(await load(store, 'a')).to.equal(null)
      })

      it('ends a session with its tokens', async () => {
        await open(world, 'a')
        await new Promise<void>((resolve, reject) =>
          store.express.destroy('a', (error) => (error ? reject(error) : resolve())),
        )
        expect(await store.read('a')).to.equal(undefined)
        await save(store, 'a', { record: the.record(now) })
        expect(await store.read('a')).to.equal(undefined)
      })
    })

    describe('ending', () => {
      it('is for good, and twice is no error', async () => {
        await open(world, 'a')
        await store.destroy('a')
        await store.destroy('a')
        await store.destroy('nobody')
        await store.touch('a', the.record(now))
        expect(await store.read('a')).to.equal(undefined)
        expect(await load(store, 'a')).to.equal(null)
      })
    })

    throughExpressContract(() => world)
    renewedTokensContract(() => world)
    limitsContract(() => world)
    indexContract(() => world)
  })
}
