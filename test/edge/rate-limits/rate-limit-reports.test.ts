import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { createRateLimitReports } from '../../../src/edge/rate-limits/rate-limit-reports.ts'
import { until } from '../until.ts'

function scene(every = 5) {
  const sent: string[] = []
  const state = { maySend: true, running: 0, most: 0 }
  const reports = createRateLimitReports<string>({
    async send(item) {
      state.most = Math.max(state.most, ++state.running)
      await turn()
      state.running--
      sent.push(item)
    },
    maySend: () => state.maySend,
    every,
  })
  return { reports, sent, state }
}

describe('what is reported later', () => {
  it('is sent soon, each item once', async () => {
    const { reports, sent } = scene()
    for (const item of ['a', 'b', 'a', 'a']) reports.soon(item)
    expect(sent).to.deep.equal([])
    await until(() => sent.length === 2)
    expect(sent).to.deep.equal(['a', 'b'])
  })

  it('is sent at the end of the turn where it is urgent, with whatever else waits', async () => {
    const { reports, sent } = scene(3_600_000)
    reports.soon('a')
    reports.atOnce('b')
    await until(() => sent.length === 2)
    reports.atOnce('c')
    await until(() => sent.length === 3)
  })

  it('goes in batches, one after the other', async () => {
    const { reports, sent, state } = scene()
    for (let i = 0; i < 1_000; i++) reports.soon(`item ${i}`)
    await reports.flush()
    expect(sent).to.have.length(1_000)
    expect(state.most).to.equal(256)
  })

  it('waits for the next round when it comes during one, or a busy process would do nothing else', async () => {
    const sent: number[] = []
    const reports = createRateLimitReports<number>({
      every: 3_600_000,
      maySend: () => true,
      async send(item) {
        sent.push(item)
        if (sent.length > 100) throw new Error('it never ends')
        reports.soon(item + 1)
        await turn()
      },
    })
    reports.soon(0)
    await reports.flush()
    expect(sent).to.deep.equal([0])
    reports.close()
  })

  it('waits while nothing may be sent, and is not forgotten', async () => {
    const { reports, sent, state } = scene()
    state.maySend = false
    reports.soon('a')
    await reports.flush()
    expect(sent).to.deep.equal([])
    state.maySend = true
    await reports.flush()
    expect(sent).to.deep.equal(['a'])
  })

  it('can be taken back', async () => {
    const { reports, sent } = scene()
    reports.soon('a')
    reports.soon('b')
    reports.drop('a')
    await reports.flush()
    expect(sent).to.deep.equal(['b'])
  })

  it('is sent no more once it is closed', async () => {
    const { reports, sent } = scene(1)
    reports.soon('a')
    reports.atOnce('b')
    reports.close()
    for (let i = 0; i < 5; i++) await turn()
    expect(sent).to.deep.equal([])
  })
})
