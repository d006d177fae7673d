import { expect } from 'chai'
import type { LoginTransactions } from '../../src/login/login-transaction.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { the } from '../support/the.ts'

export interface LoginsWorld {
  logins: LoginTransactions
  clock: Clock
  /** Milliseconds. */
  pass(milliseconds: number): Promise<void>
}

/** What every keeper of pending logins does. */
export function loginTransactionsContract(name: string, make: () => Promise<LoginsWorld>): void {
  describe(`${name} keeps the contract of pending logins`, () => {
    let world: LoginsWorld
    let logins: LoginTransactions
    beforeEach(async () => {
      world = await make()
      logins = world.logins
    })
    const login = (state: string) => the.login(world.clock.now(), { state })

    it('finds what was saved, as often as it is looked for', async () => {
      await logins.save(login('a'))
      expect(await logins.find('a')).to.deep.equal(login('a'))
      expect(await logins.find('a')).to.deep.equal(login('a'))
    })

    for (const state of ['nobody', '', '__proto__', 'constructor', '*', 'A', 'a ', 'x'.repeat(5_000), '\u0000']) {
      it(`finds and takes nothing for ${JSON.stringify(state.slice(0, 20))}`, async () => {
        await logins.save(login('a'))
        expect(await logins.find(state)).to.equal(undefined)
        expect(await logins.take(state)).to.equal(false)
        expect(await logins.find('a')).not.to.equal(undefined)
      })
    }

    it('lets a login be taken once', async () => {
      await logins.save(login('a'))
      expect(await logins.take('a')).to.equal(true)
      expect(await logins.take('a')).to.equal(false)
      expect(await logins.find('a')).to.equal(undefined)
    })

    it('lets one of many take it when all try at once', async () => {
      await logins.save(login('a'))
      const taken = await Promise.all(Array.from({ length: 50 }, () => logins.take('a')))
      expect(taken.filter(Boolean)).to.have.length(1)
    })

    it('keeps logins apart', async () => {
      for (const state of ['a', 'b', 'c']) await logins.save(login(state))
      await logins.take('b')
      expect(await logins.find('a')).to.deep.equal(login('a'))
      expect(await logins.find('c')).to.deep.equal(login('c'))
    })

    it('forgets a login after ten minutes, and not before', async () => {
      await logins.save(login('a'))
      await world.pass(595_000)
      expect(await logins.find('a')).not.to.equal(undefined)
      await world.pass(6_000)
      expect(await logins.find('a')).to.equal(undefined)
      expect(await logins.take('a')).to.equal(false)
    })

    it('lets nobody change a login by holding on to it', async () => {
      await logins.save(login('a'))
      const found = (await logins.find('a')) as { returnTo: string }
      found.returnTo = 'https://evil.example/'
      expect(await logins.find('a')).to.deep.equal(login('a'))
    })

    it('keeps logins with every kind of text in them', async () => {
      const odd = { ...login('a'), returnTo: 'http://localhost/\u{1f9e5}?"\\', formerSessionId: '__proto__' }
      await logins.save(odd)
      expect(await logins.find('a')).to.deep.equal(odd)
    })
  })
}
