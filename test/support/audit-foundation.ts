import type { Foundation } from '../../src/assembly/foundation.ts'
import { createResilience } from '../../src/platform/http/resilience.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createMetrics } from '../../src/platform/observability/metrics.ts'
import { testClock } from './test-clock.ts'

/** What an audit trail stands on, beside its database. */
export function auditFoundation(
  metrics = createMetrics(),
  clock = testClock(),
): Pick<Foundation, 'clock' | 'log' | 'metrics' | 'guard'> & { clock: ReturnType<typeof testClock> } {
  const guard = createResilience({ clock, onState: metrics.breakerChanged, outboundTimer: metrics.outboundTimer })
  return { clock, log: silentLog, metrics, guard }
}
