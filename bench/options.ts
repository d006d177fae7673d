import { parseArgs } from 'node:util'
import { isSuiteName, type SuiteName, suiteNames } from './suite-names.ts'
import { isVariantName, type VariantName, variantNames } from './variant-names.ts'

export interface BenchOptions {
  suites: readonly SuiteName[]
  /** Seconds of one measured run. */
  seconds: number
  /** Seconds each variant is called before anything counts. */
  warmup: number
  /** Measured runs of each variant. */
  runs: number
  connections: number
  /** Different people or services that call, in turn. */
  callers: number
  variants: readonly VariantName[]
  /** Where the figures go as JSON, besides the table. */
  json: string | undefined
  /** Folder for V8 CPU profiles of every gateway process. */
  profile: string | undefined
}

/** A mistake of the person at the keyboard: its message is shown as it is, without a stack. */
export class UsageError extends Error {}

export const usage = `npm run bench -- [options]

  --suite A,B         only these parts: ${suiteNames.join(', ')}
  --seconds N        length of one measured run (default 8)
  --runs N           measured runs of each variant, interleaved (default 3)
  --warmup N         seconds each variant is called before anything counts (default 5)
  --connections N    connections of the client (default 32)
  --callers N        people or services that call, in turn (default 100)
  --only A,B         only these variants of the proxy: ${variantNames.join(', ')}
  --json FILE        write every figure to FILE as well
  --profile DIR      write V8 CPU profiles of the measured processes to DIR (slower; for finding out why)
  --help             this text`

/** @throws UsageError that names the option and what it wants */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = read(args)
  if (values.help === true) return 'help'
  return {
    suites: suitesOf(values.suite),
    seconds: wholeNumber('--seconds', values.seconds, 8, 600),
    warmup: wholeNumber('--warmup', values.warmup, 5, 600),
    runs: wholeNumber('--runs', values.runs, 3, 100),
    connections: wholeNumber('--connections', values.connections, 32, 10_000),
    callers: wholeNumber('--callers', values.callers, 100, 5_000),
    variants: variantsOf(values.only),
    json: values.json,
    profile: values.profile,
  }
}

function read(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        suite: text,
        seconds: text,
        warmup: text,
        runs: text,
        connections: text,
        callers: text,
        only: text,
        json: text,
        profile: text,
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`)
  }
}

function wholeNumber(option: string, given: string | undefined, fallback: number, most: number): number {
  if (given === undefined) return fallback
  const value = Number(given)
  if (!/^\d+$/.test(given) || value < 1 || value > most)
    throw new UsageError(`${option} must be a whole number from 1 to ${most}, not "${given}".`)
  return value
}

function suitesOf(named: string | undefined): readonly SuiteName[] {
  return chosen('--suite', named, suiteNames, isSuiteName)
}

function variantsOf(named: string | undefined): readonly VariantName[] {
  return chosen('--only', named, variantNames, isVariantName)
}

function chosen<Name extends string>(
  option: string,
  named: string | undefined,
  all: readonly Name[],
  isKnown: (text: string) => text is Name,
): readonly Name[] {
  if (named === undefined) return all
  const wanted = named.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !isKnown(name))
  if (unknown.length > 0)
    throw new UsageError(`${option} does not know ${unknown.join(', ')}. Choose from ${all.join(', ')}.`)
  return all.filter((name) => wanted.includes(name))
}
