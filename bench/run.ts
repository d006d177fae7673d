/** `npm run bench`: what a call costs, what the protections cost, and what administration costs. */
import { parseOptions, UsageError, usage } from './options.ts'
import type { SuiteName } from './suite-names.ts'
import { benchAdministration } from './suites/administration.ts'
import { benchHardening } from './suites/hardening.ts'
import { benchProxy } from './suites/proxy.ts'
import type { Suite } from './suites/suite.ts'

const SUITES: Record<SuiteName, Suite> = {
  proxy: benchProxy,
  hardening: benchHardening,
  administration: benchAdministration,
}
const EXIT_FAILED = 1
const EXIT_USAGE = 2
const EXIT_INTERRUPTED = 130

const say = (line: string) => void process.stderr.write(`${line}\n`)

async function main(): Promise<number> {
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    const options = parseOptions(process.argv.slice(2))
    if (options === 'help') process.stdout.write(`${usage}\n`)
    else for (const suite of options.suites) await SUITES[suite](options, interrupted.signal, say)
    return 0
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT_INTERRUPTED
    say(
      error instanceof UsageError
        ? error.message
        : `The benchmark failed: ${error instanceof Error ? error.message : error}`,
    )
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED
  }
}

process.exitCode = await main()
