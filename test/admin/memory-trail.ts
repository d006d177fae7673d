import { createAudit } from '../../src/platform/audit/audit.ts'
import { unavailable } from '../../src/platform/errors/gateway-error.ts'

interface Row {
  action: string
  outcome: string
  before: string | null
  after: string | null
}

/** An audit trail in memory, where every row is written at once. @param works whether rows that must be kept can be */
export function memoryTrail(works: () => boolean = () => true) {
  const rows: Row[] = []
  const told: string[] = []
  function take(row: Row): void {
    rows.push(row)
    told.push(`${row.action} ${row.outcome}`)
  }
  const audit = createAudit({
    queue: {
      push: take,
      async store(row) {
        if (!works()) throw unavailable('AUDIT_UNAVAILABLE', 'told to fail')
        take(row)
      },
    },
    fold: (write) => ({ take: write, close: () => undefined }),
    now: () => 0,
  })
  /** `told` is what happened, in words. */
  return { audit, rows, told }
}
