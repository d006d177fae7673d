import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import Mocha from 'mocha'

/** mocha's spec report, and the totals in a file for the runner that adds up several runs. */
export default class TotalsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const byFile: Record<string, number> = {}
    runner.on('pass', ({ file = '' }) => {
      byFile[relative(process.cwd(), file)] = (byFile[relative(process.cwd(), file)] ?? 0) + 1
    })
    runner.once('end', () => {
      const { passes = 0, failures = 0, pending = 0 } = this.stats ?? {}
      const file = process.env.CLOAKROOM_TEST_TOTALS
      if (file !== undefined) writeFileSync(file, JSON.stringify({ passes, failures, pending, byFile }))
    })
  }
}
