import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextRound } from 'node:timers/promises'
import { expect } from 'chai'
import { createTurnstile } from '../../src/platform/turnstile.ts'

describe('a turnstile', () => {
  it('keeps nobody waiting who comes alone', async () => {
    const pass = createTurnstile()
    const passed: string[] = []
    for (const who of ['first', 'second', 'third']) {
      pass(() => passed.push(who))
      expect(passed.at(-1)).to.equal(who)
      await nextRound()
    }
  })

  it('lets one of a crowd through in each round of the event loop, in order', async () => {
    const pass = createTurnstile()
    const passed: number[] = []
    for (let who = 0; who < 5; who++) pass(() => passed.push(who))
    for (let round = 0; round < 5; round++) {
      expect(passed).to.deep.equal([0, 1, 2, 3, 4].slice(0, round + 1))
      await nextRound()
    }
  })

  it('lets input and output have their turn between two of a crowd', async () => {
    const pass = createTurnstile()
    const seen: string[] = []
    pass(() => seen.push('crowd'))
    setImmediate(() => seen.push('somebody else'))
    await new Promise<void>((resolve) => {
      pass(() => {
        seen.push('crowd')
        resolve()
      })
      pass(() => seen.push('crowd'))
    })
    await nextRound()
    await nextRound()
    expect(seen).to.deep.equal(['crowd', 'crowd', 'somebody else', 'crowd'])
  })

  it('makes those who come from inside wait like all others', async () => {
    const pass = createTurnstile()
    const passed: string[] = []
    pass(() => pass(() => passed.push('inner')))
    pass(() => passed.push('outer'))
    expect(passed).to.deep.equal([])
    await nextRound()
    expect(passed).to.deep.equal(['inner'])
    await nextRound()
    expect(passed).to.deep.equal(['inner', 'outer'])
  })

  it('goes on behind one who fails', async () => {
    const pass = createTurnstile()
    const passed: string[] = []
    expect(() =>
      pass(() => {
        throw new Error('first')
      }),
    ).to.throw('first')
    pass(() => passed.push('second'))
    await nextRound()
    expect(passed).to.deep.equal(['second'])
  })

  it("keeps each one's own context", async () => {
    const requests = new AsyncLocalStorage<string>()
    const pass = createTurnstile()
    const seen: (string | undefined)[] = []
    for (const id of ['a', 'b', 'c']) requests.run(id, () => pass(() => seen.push(requests.getStore())))
    for (let round = 0; round < 3; round++) await nextRound()
    expect(seen).to.deep.equal(['a', 'b', 'c'])
  })
})
