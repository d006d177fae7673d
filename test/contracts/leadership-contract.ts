import { expect } from 'chai'
import type { Leadership } from '../../src/platform/redis/leadership.ts'

/** What every leadership promises to the instance that asks; `make` gives the one of one more instance. */
export function leadershipContract(name: string, make: () => Promise<Leadership>): void {
  describe(`${name} keeps the leadership contract`, () => {
    it('is given to whoever asks first', async () => {
      expect(await (await make()).hold()).to.equal(true)
    })

    it('stays with the one that asks again', async () => {
      const leadership = await make()
      for (let i = 0; i < 3; i++) expect(await leadership.hold()).to.equal(true)
    })

    it('can be given up, also twice, and taken again', async () => {
      const leadership = await make()
      await leadership.hold()
      await leadership.resign()
      await leadership.resign()
      expect(await leadership.hold()).to.equal(true)
    })
  })
}
