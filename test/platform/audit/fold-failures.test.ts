import { expect } from 'chai'
import type { AuditEvent } from '../../../src/platform/audit/audit-event.ts'
import { createFoldFailures } from '../../../src/platform/audit/fold-failures.ts'
import { event } from '../../contracts/audit-world.ts'
import { testClock } from '../../support/test-clock.ts'

describe('Failures in the audit trail', () => {
  const clock = testClock()
  let written: AuditEvent[]
  let folded: number
  let failures: ReturnType<typeof createFoldFailures>
  beforeEach(() => {
    written = []
    folded = 0
    failures = createFoldFailures({
      now: clock.now,
      write: (one) => written.push(one),
      onFolded: () => {
        folded++
      },
    })
  })
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) failures.take(event({ outcome: 'failed' }))
  }
  const summary = () => written.filter(({ action }) => action === 'audit.folded').map(({ after }) => after)

  it('are written one by one up to sixty a minute', () => {
    fail(60)
    expect([written.length, folded]).to.deep.equal([60, 0])
  })

  it('cannot fill the disk: beyond sixty a minute they are one row, which says how many there were', () => {
    const from = new Date(clock.now()).toISOString()
    fail(100_000)
    expect([written.length, folded]).to.deep.equal([60, 99_940])
    clock.advance('60s')
    fail(1)
    expect(written).to.have.length(62)
    expect(summary()).to.deep.equal([{ folded: 99_940, from, to: new Date(clock.now()).toISOString() }])
  })

  it('leave their number behind when the gateway stops', () => {
    fail(61)
    failures.close()
    failures.close()
    expect(summary()).to.have.length(1)
  })

  it('never hide a success', () => {
    fail(70)
    for (const outcome of ['ok', 'intended'] as const) failures.take(event({ outcome }))
    expect(written.slice(-2).map(({ outcome }) => outcome)).to.deep.equal(['ok', 'intended'])
  })
})
