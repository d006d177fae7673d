import { expect } from 'chai'
import { createTurns } from '../../../src/platform/http/turns.ts'

describe('Turns', () => {
  function gate() {
    let open: () => void = () => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    return { opened, open: () => open() }
  }

  it('let work of one key wait for the work before it, and other keys go their own way', async () => {
    const inTurn = createTurns()
    const order: string[] = []
    const door = gate()
    const first = inTurn('a', async () => {
      await door.opened
      order.push('first of a')
    })
    const second = inTurn('a', async () => void order.push('second of a'))
    await inTurn('b', async () => void order.push('b'))
    expect(order).to.deep.equal(['b'])
    door.open()
    await Promise.all([first, second])
    expect(order).to.deep.equal(['b', 'first of a', 'second of a'])
  })

  it('go on after a failure, which only its own caller hears of', async () => {
    const inTurn = createTurns()
    const failing = inTurn('a', () => Promise.reject(new Error('told to fail')))
    const next = inTurn('a', async () => 'done')
    expect(await failing.catch((error: Error) => error.message)).to.equal('told to fail')
    expect(await next).to.equal('done')
  })
})
