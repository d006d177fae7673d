import type { Variant } from '../variants/variant.ts'
import { coreBusyTime, peakMemory, processorTime } from './processor-time.ts'
import { callWithWrk } from './wrk.ts'

export interface RunFigures {
  requestsPerSecond: number
  /** Requests for each second of processor time: hardly disturbed by what else the machine does. */
  requestsPerProcessorSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** MiB, since the process began. */
  peakMemory: number
  /** The share of the run in which somebody else had the measured core; it distorts the figures of this run. */
  disturbed: number
}

export interface MeasureParts {
  cores: { gateway: number; rest: number }
  connections: number
  /** How many requests have reached the API behind. */
  requestsServed: () => Promise<number>
  signal: AbortSignal
}

/**
 * One run of one variant.
 * @throws Error when a call failed, did not reach the API, or left no trace in the gateway's log and metrics
 */
export async function measureRun(
  variant: Variant,
  seconds: number,
  { cores, connections, requestsServed, signal }: MeasureParts,
): Promise<RunFigures> {
  const { pid } = variant.part
  const servedBefore = await requestsServed()
  await variant.beginRun()
  const before = { own: processorTime(pid), core: coreBusyTime(cores.gateway) }
  const { requests, p50, p99, ...traffic } = await callWithWrk({
    port: variant.port,
    requests: variant.requests,
    seconds,
    connections,
    core: cores.rest,
    signal,
  })
  const own = processorTime(pid) - before.own
  const others = coreBusyTime(cores.gateway) - before.core - own
  variant.part.checkAlive()
  if ((await requestsServed()) - servedBefore < requests)
    throw new Error('some calls were answered without reaching the API behind the gateway.')
  await variant.endRun(requests)
  return {
    requestsPerSecond: requests / traffic.seconds,
    requestsPerProcessorSecond: requests / own,
    p50,
    p99,
    peakMemory: peakMemory(pid),
    disturbed: Math.max(0, others / traffic.seconds),
  }
}
