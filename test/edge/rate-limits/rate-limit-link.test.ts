import { expect } from 'chai'
import { createRateLimitLink, type RateLimitLink } from '../../../src/edge/rate-limits/rate-limit-link.ts'
import { until } from '../until.ts'

const never = () => new Promise<never>(() => undefined)

describe('the way to the shared counters', () => {
  let open: RateLimitLink[] = []
  afterEach(() => {
    for (const link of open) link.close()
    open = []
  })

  function linkTo(probe: () => Promise<unknown>, deadline = 20) {
    const changes: string[] = []
    const onChange = (up: boolean, error?: unknown) =>
      void changes.push(up ? 'up' : `down: ${error instanceof Error ? error.message : error}`)
    const link = createRateLimitLink({ probe, onChange, deadline: () => deadline, pause: 5 })
    open.push(link)
    return { link, changes }
  }

  it('hands on what they answer', async () => {
    const { link, changes } = linkTo(never)
    expect(await link.ask(async () => 7)).to.equal(7)
    expect(link.isUp()).to.equal(true)
    expect(changes).to.deep.equal([])
  })

  for (const [what, call, why] of [
    ['fails', () => Promise.reject(new Error('connection lost')), 'connection lost'],
    ['does not answer', never, 'the shared counters did not answer within 20 ms'],
  ] as const)
    it(`is closed for everybody as soon as one call ${what}, and says so once`, async () => {
      const { link, changes } = linkTo(never)
      expect(await Promise.all([link.ask(call), link.ask(call), link.ask(call)])).to.deep.equal([
        undefined,
        undefined,
        undefined,
      ])
      expect(link.isUp()).to.equal(false)
      expect(changes).to.deep.equal([`down: ${why}`])
    })

  it('does not call late what arrived while this process was busy', async () => {
    const { link } = linkTo(never, 1)
    const answer = link.ask(() => new Promise((resolve) => setImmediate(resolve, 'here')))
    const busyUntil = performance.now() + 10
    while (performance.now() < busyUntil);
    expect(await answer).to.equal('here')
  })

  it('opens by itself when a probe comes through, tells whoever waits, and closes again when it must', async () => {
    let away = true
    let probes = 0
    const { link, changes } = linkTo(async () => {
      probes++
      if (away) throw new Error('still away')
    })
    let returns = 0
    link.onReturn(() => void returns++)
    await link.ask(() => Promise.reject(new Error('gone')))
    await until(() => probes > 3)
    expect([link.isUp(), returns]).to.deep.equal([false, 0])
    away = false
    await until(link.isUp)
    expect(returns).to.equal(1)
    await link.ask(() => Promise.reject(new Error('gone again')))
    expect(changes).to.deep.equal(['down: gone', 'up', 'down: gone again'])
  })

  it('stays closed while the probe hangs', async () => {
    let probes = 0
    const { link } = linkTo(() => {
      probes++
      return never()
    })
    await link.ask(() => Promise.reject(new Error('gone')))
    await until(() => probes > 2)
    expect(link.isUp()).to.equal(false)
  })

  it('is silent once it is closed for good', async () => {
    const { link, changes } = linkTo(async () => undefined)
    link.close()
    expect(await link.ask(() => Promise.reject(new Error('gone')))).to.equal(undefined)
    expect([link.isUp(), changes]).to.deep.equal([false, []])
  })
})
