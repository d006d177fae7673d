import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import type { Lease } from '../../src/identity/session/refresh-lease.ts'

/** Every lease keeps these promises; `make` gives the lease of one more instance. */
export function refreshLeaseContract(name: string, make: () => Promise<Lease>): void {
  describe(`${name} keeps the lease contract`, () => {
    it('runs one task at a time for a session, whoever asks', async () => {
      const leases = [await make(), await make(), await make()]
      let running = 0
      let most = 0
      const task = async () => {
        most = Math.max(most, ++running)
        await pause(5)
        running--
      }
      await Promise.all(Array.from({ length: 12 }, (_, i) => leases[i % 3]?.run('one', task)))
      expect(most).to.equal(1)
    })

    it('lets tasks of different sessions run side by side', async () => {
      const lease = await make()
      const { promise: both, resolve } = Promise.withResolvers<void>()
      let running = 0
      const task = async () => {
        if (++running === 2) resolve()
        await both
      }
      await Promise.all([lease.run('a', task), lease.run('b', task)])
    })

    it('answers what the task answers, and is free again after a task that failed', async () => {
      const lease = await make()
      const failure = await lease
        .run('two', () => Promise.reject(new Error('no')))
        .catch((error: Error) => error.message)
      expect(failure).to.equal('no')
      expect(await lease.run('two', async () => 42)).to.equal(42)
    })
  })
}
