import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findParts, type Part } from './parts.ts'

interface Totals {
  passes: number
  failures: number
  pending: number
}

/** Journeys share one Keycloak and one browser, so they run one after the other; everything else runs on all cores. */
const STAGES = [
  {
    title: 'Units, contracts, security, architecture',
    args: ['--parallel', '--jobs', '2', '--ignore', 'test/journeys/**'],
  },
  { title: 'Journeys on the stand-in and on a real Keycloak', args: ['--config', 'test/journeys/.mocharc.json'] },
]

const inCi = process.env.CI === 'true'
const parts = findParts(process.env)
announce(parts)
if (inCi && parts.some(({ found }) => found === undefined)) {
  process.stdout.write('\nCI=true: every part must be there.\n0 passed, 1 failed, 0 skipped\n')
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'cloakroom-tests-'))
const totals: Totals = { passes: 0, failures: 0, pending: 0 }
let broken = false
for (const [index, { title, args }] of STAGES.entries()) {
  process.stdout.write(`\n━━ ${title}\n`)
  const file = join(folder, `${index}.json`)
  const exitCode = await mocha(args, file)
  const counted = readTotals(file)
  if (counted === undefined || (exitCode !== 0 && counted.failures === 0)) broken = true
  totals.passes += counted?.passes ?? 0
  totals.failures += counted?.failures ?? 0
  totals.pending += counted?.pending ?? 0
}
rmSync(folder, { recursive: true, force: true })
if (broken) totals.failures++
if (inCi && totals.pending > 0) process.stdout.write('\nCI=true: nothing may be skipped.\n')
process.stdout.write(`\n${totals.passes} passed, ${totals.failures} failed, ${totals.pending} skipped\n`)
process.exitCode = totals.failures > 0 || (inCi && totals.pending > 0) ? 1 : 0

function announce(all: readonly Part[]): void {
  process.stdout.write('Real parts on this machine:\n')
  for (const { name, found, howToGet, usedFor } of all) {
    const state = found ?? `missing: skips ${usedFor}; to have it: ${howToGet}`
    process.stdout.write(`  ${found === undefined ? '✗' : '✓'} ${name.padEnd(10)} ${state}\n`)
  }
}

function mocha(args: string[], totalsFile: string): Promise<number> {
  const child = spawn('mocha', ['--reporter', 'test/support/totals-reporter.ts', ...args, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, CLOAKROOM_TEST_TOTALS: totalsFile, NO_PROXY: '127.0.0.1,localhost' },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

function readTotals(file: string): Totals | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Totals
  } catch {
    return undefined
  }
}
