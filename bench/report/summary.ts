import type { RunFigures } from '../measure/measure-run.ts'
import type { VariantName } from '../variant-names.ts'

export interface VariantSummary {
  variant: VariantName
  /** Medians of the runs. */
  requestsPerSecond: number
  requestsPerProcessorSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  /** Against the bare proxy, run by run and then the median; undefined where the bare proxy was not measured. */
  ratio: number | undefined
  /** The same from the requests for each second of processor time. */
  processorRatio: number | undefined
  /** MiB, the most of all runs. */
  peakMemory: number
  /** The share of the measured core that others took, in the worst run. */
  disturbed: number
  runs: readonly RunFigures[]
}

export type Results = ReadonlyMap<VariantName, readonly RunFigures[]>

/** Medians of each variant, and its ratio to the bare proxy's run of the same round. */
export function summarize(results: Results): VariantSummary[] {
  const bare = results.get('bare') ?? []
  return [...results].map(([variant, runs]) => {
    const middle = (of: (run: RunFigures) => number) => median(runs.map(of))
    const against = (of: (run: RunFigures) => number) =>
      bare.length === 0 ? undefined : median(runs.map((run, round) => of(run) / of(bare[round] ?? run)))
    return {
      variant,
      requestsPerSecond: middle((run) => run.requestsPerSecond),
      requestsPerProcessorSecond: middle((run) => run.requestsPerProcessorSecond),
      p50: middle((run) => run.p50),
      p99: middle((run) => run.p99),
      ratio: against((run) => run.requestsPerSecond),
      processorRatio: against((run) => run.requestsPerProcessorSecond),
      peakMemory: Math.max(...runs.map((run) => run.peakMemory)),
      disturbed: Math.max(...runs.map((run) => run.disturbed)),
      runs,
    }
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
