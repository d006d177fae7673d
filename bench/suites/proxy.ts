import { writeFile } from 'node:fs/promises'
import { type Cores, chooseCores, inspectMachine, type Machine } from '../machine.ts'
import { measureRun, type RunFigures } from '../measure/measure-run.ts'
import type { BenchOptions } from '../options.ts'
import { summarize, type VariantSummary } from '../report/summary.ts'
import { renderTable } from '../report/table.ts'
import { type Stage, setStage } from '../set-stage.ts'
import { type VariantName, variantTitles } from '../variant-names.ts'
import type { Suite } from './suite.ts'

const PACKAGES = ['express', 'http-proxy-middleware', 'undici', 'express-session', 'connect-redis']
/** Share of the measured core in other hands from which on a run is called disturbed. */
const DISTURBED = 0.05

/** How fast Cloakroom is, against the bare proxy it is built on and against the naive stack. */
export const benchProxy: Suite = async (options, signal, say) => {
  const machine = await inspectMachine(PACKAGES)
  const cores = chooseCores()
  const undo: (() => Promise<void>)[] = []
  try {
    const stage = await setStage(options, cores, (step) => undo.push(step), say)
    signal.throwIfAborted()
    const summaries = summarize(await measure(stage, options, cores, signal, say))
    process.stdout.write(`\n${renderTable(summaries)}\n\n${footnotes(machine, options, summaries)}\n`)
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ date: new Date(), machine, options, summaries }, null, 2)}\n`)
  } finally {
    say('stopping what was started')
    for (const step of undo.reverse()) await step()
  }
}

/** Every variant in every round, so that a slow moment of the machine meets them all. */
async function measure(
  { variants, requestsServed }: Stage,
  options: BenchOptions,
  cores: Cores,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Map<VariantName, RunFigures[]>> {
  const { seconds, warmup, runs, connections } = options
  const parts = { cores, connections, requestsServed, signal }
  const results = new Map<VariantName, RunFigures[]>(variants.map(({ name }) => [name, []]))
  for (const variant of variants) {
    say(`warming up ${variantTitles[variant.name]} (${warmup} s)`)
    await measureRun(variant, warmup, parts)
  }
  const rounds = Array.from({ length: runs }, () => variants).flat()
  for (const [index, variant] of rounds.entries()) {
    const figures = await measureRun(variant, seconds, parts)
    results.get(variant.name)?.push(figures)
    const { requestsPerSecond, disturbed } = figures
    const note = disturbed > DISTURBED ? `  (others had ${Math.round(disturbed * 100)} % of the core)` : ''
    const done = `[${String(index + 1).padStart(String(rounds.length).length)}/${rounds.length}]`
    say(
      `${done} ${variantTitles[variant.name]}: ${Math.round(requestsPerSecond).toLocaleString('en-US')} requests/s${note}`,
    )
  }
  return results
}

function footnotes(machine: Machine, options: BenchOptions, summaries: readonly VariantSummary[]): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  const lines = [
    `Medians of ${options.runs} interleaved runs of ${options.seconds} s, ${options.connections} connections, one core for the measured process.`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memory} GiB; ${versions.join(', ')}.`,
  ]
  if (summaries.some(({ disturbed }) => disturbed > DISTURBED))
    lines.push(
      'Other programs used the measured core during some runs ("disturbed"): trust the CPU ratio more than the ratio.',
    )
  if (options.profile !== undefined) lines.push('Profiling was on, which costs speed: these figures are no result.')
  return lines.join('\n')
}
