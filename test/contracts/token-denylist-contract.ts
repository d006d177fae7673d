import { expect } from 'chai'
import { denialKey, type TokenDenylist } from '../../src/identity/bearer/token-denylist.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'

/** One list as two instances see it; the same one twice where there is only one process. */
export interface DenylistWorld {
  here: TokenDenylist
  elsewhere: TokenDenylist
}

let made = 0
const newKey = () => denialKey('https://id.test', '', `token ${++made}`)

/** Every denylist keeps these promises. */
export function tokenDenylistContract(name: string, make: (clock: TestClock) => Promise<DenylistWorld>): void {
  describe(`${name} keeps the contract of token denylists`, () => {
    let clock: TestClock
    let world: DenylistWorld
    beforeEach(async () => {
      clock = testClock()
      world = await make(clock)
    })
    const inAMinute = () => clock.now() + 60_000

    it('denies nothing that nobody denied', async () => {
      expect(await world.here.isDenied(newKey())).to.equal(false)
    })

    it('denies a token everywhere as soon as that is confirmed, and no other', async () => {
      const [key, other] = [newKey(), newKey()]
      await world.here.deny(key, inAMinute())
      for (const list of [world.here, world.elsewhere]) {
        expect(await list.isDenied(key)).to.equal(true)
        expect(await list.isDenied(other)).to.equal(false)
      }
    })

    it('may be told twice, at any instance, and the later end counts', async () => {
      const [key, reverse] = [newKey(), newKey()]
      await world.here.deny(key, inAMinute())
      await world.elsewhere.deny(key, inAMinute() + 60_000)
      await world.here.deny(reverse, inAMinute() + 60_000)
      await world.elsewhere.deny(reverse, inAMinute())
      clock.advance('90s')
      for (const list of [world.here, world.elsewhere])
        for (const one of [key, reverse]) expect(await list.isDenied(one)).to.equal(true)
    })

    it('forgets a token when its time is over', async () => {
      const key = newKey()
      await world.here.deny(key, inAMinute())
      clock.advance('59s')
      expect(await world.elsewhere.isDenied(key)).to.equal(true)
      clock.advance('1s')
      for (const list of [world.here, world.elsewhere]) expect(await list.isDenied(key)).to.equal(false)
    })

    it('takes many at once', async () => {
      const keys = Array.from({ length: 50 }, newKey)
      await Promise.all(keys.map((key, i) => (i % 2 ? world.here : world.elsewhere).deny(key, inAMinute())))
      for (const key of keys) expect(await world.here.isDenied(key)).to.equal(true)
    })
  })
}
