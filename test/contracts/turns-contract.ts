import { setImmediate as breathe } from 'node:timers/promises'
import { expect } from 'chai'
import type { Turns } from '../../src/platform/redis/turns.ts'

/** What turns promise; `make` gives those of one more instance. */
export function turnsContract(name: string, make: () => Promise<Turns>): void {
  describe(`${name} keep the contract of turns`, () => {
    it('let one after another work under a key, whoever asks', async () => {
      const instances = [await make(), await make(), await make()]
      let [running, most, done] = [0, 0, 0]
      const work = async () => {
        most = Math.max(most, ++running)
        for (let i = 0; i < 5; i++) await breathe()
        running--
        done++
      }
      await Promise.all(Array.from({ length: 12 }, (_, i) => instances[i % 3]?.run('one', work)))
      expect([most, done]).to.deep.equal([1, 12])
    })

    it('keep the order in which one instance asked', async () => {
      const turns = await make()
      const order: number[] = []
      await Promise.all([1, 2, 3].map((number) => turns.run('order', async () => void order.push(number))))
      expect(order).to.deep.equal([1, 2, 3])
    })

    it('let other keys go their own way, also inside a turn', async () => {
      const turns = await make()
      const { promise: inside, resolve } = Promise.withResolvers<void>()
      const outer = turns.run('outer', () => turns.run('inner', () => inside))
      expect(await turns.run('other', async () => 'at once')).to.equal('at once')
      resolve()
      await outer
    })

    it('answer what the work answers, and go on after a failure, which only its own caller hears of', async () => {
      const turns = await make()
      const failing = turns.run('two', () => Promise.reject(new Error('told to fail')))
      const next = turns.run('two', async () => 42)
      expect(await failing.catch((error: Error) => error.message)).to.equal('told to fail')
      expect(await next).to.equal(42)
    })

    it('say that a turn is one’s own while it is, and nothing outside of turns', async () => {
      const turns = await make()
      await turns.check()
      await turns.run('three', async () => {
        await turns.check()
        await turns.run('four', turns.check)
      })
      await turns.check()
    })
  })
}
