import fc from 'fast-check'
import type { FuzzProperty } from './properties.ts'

export interface FuzzOptions {
  seconds: number
  seed: number
  /** How long one property goes on before the next one has its turn. */
  roundSeconds?: number
  onProgress?: (line: string) => void
}

/** A case that broke a rule, as small as it could be made; without a path where the time was up before it was judged. */
export interface Finding {
  property: string
  seed: number
  path: string
  example: unknown
  wrong: string[]
}

export interface FuzzResult {
  /** How many cases of each property were tried. */
  tried: Record<string, number>
  finding: Finding | undefined
}

const ROUND_SECONDS = 20
const SHRINK_MS = 30_000
/** Each property has this much in the first round, whatever the time: a busy machine must not leave one out. */
const AT_LEAST_MS = 2_000

/** Tries property after property in turns until the time is up or something is wrong. */
export async function fuzz(properties: readonly FuzzProperty[], options: FuzzOptions): Promise<FuzzResult> {
  const { seconds, seed, roundSeconds = ROUND_SECONDS, onProgress = () => undefined } = options
  const started = Date.now()
  const left = () => started + seconds * 1000 - Date.now()
  const shares = properties.reduce((sum, { share }) => sum + share, 0)
  const tried = Object.fromEntries(properties.map(({ name }) => [name, 0]))
  for (let round = 0; left() > 0; round++)
    for (const property of properties) {
      const share = Math.min(left(), (Math.min(roundSeconds, seconds) * 1000 * property.share) / shares)
      const limit = round === 0 ? Math.max(share, AT_LEAST_MS) : share
      if (limit <= 0) break
      const run = await tryOut(property, { seed: seed + round, interruptAfterTimeLimit: limit })
      tried[property.name] = (tried[property.name] ?? 0) + run.runs
      if (run.finding !== undefined) return { tried, finding: run.finding }
      onProgress(`${Math.round((Date.now() - started) / 1000)} s: ${describeCounts(tried)}`)
    }
  return { tried, finding: undefined }
}

export function describeCounts(tried: Readonly<Record<string, number>>): string {
  return Object.entries(tried)
    .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
    .join(', ')
}

/** One property from one seed; with a path, the case that path leads to and what it can be shrunk to. */
export async function tryOut(
  property: FuzzProperty,
  parameters: { seed: number; path?: string; interruptAfterTimeLimit?: number },
): Promise<{ runs: number; finding: Finding | undefined }> {
  let last: string[] = []
  let underWay: { one: unknown; judged: Promise<string[]> } | undefined
  const asProperty = fc.asyncProperty(property.arbitrary, async (one) => {
    const judged = property.run(one)
    underWay = { one, judged }
    const wrong = await judged
    underWay = undefined
    if (wrong.length === 0) return
    last = wrong
    throw new Error(wrong.join('\n'))
  })
  const first = await fc.check(asProperty, { numRuns: Number.MAX_SAFE_INTEGER, ...parameters })
  if (!first.failed || first.counterexamplePath === null) {
    // When the time is up fast-check leaves the last case alone, and a gateway that hangs is found by nothing else.
    const { one: example, judged } = underWay ?? {}
    const wrong = (await judged) ?? []
    const unfinished = { property: property.name, seed: first.seed, path: '', example, wrong }
    return { runs: first.numRuns, finding: wrong.length > 0 ? unfinished : undefined }
  }
  // The time may have been up before it was small.
  const { seed, counterexamplePath: path } = first
  const again = await fc.check(asProperty, { seed, path, interruptAfterTimeLimit: SHRINK_MS })
  const smaller = again.failed && again.counterexamplePath !== null ? again : first
  return {
    runs: first.numRuns,
    finding: {
      ...{ property: property.name, seed, path: smaller.counterexamplePath ?? path },
      ...{ example: smaller.counterexample?.[0], wrong: last },
    },
  }
}
