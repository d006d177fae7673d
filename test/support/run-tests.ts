import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { caseCounts } from './case-counts.ts'
import { findParts, type Part } from './parts.ts'

interface Totals {
  passes: number
  failures: number
  pending: number
  /** Passed tests by file. */
  byFile: Record<string, number>
}

interface Run {
  title: string
  args: string[]
}

// A Redis client that was let go of while its PING was on its way may keep a timer, and with it the process.
const JOURNEYS = ['--config', 'test/journeys/.mocharc.json', '--exit', '--grep', '\\(stand-in\\)']

/**
 * Lanes run side by side, what is in a lane one after the other. Journeys on one provider share a browser, so they are one
 * run; on a real Keycloak they take as long as all the rest, and wait most of the time.
 */
const LANES: Run[][] = [
  [
    {
      title: 'Units, contracts, security, architecture',
      args: ['--parallel', '--jobs', '2', '--ignore', 'test/journeys/**'],
    },
    { title: 'Journeys on the stand-in', args: JOURNEYS },
  ],
  [{ title: 'Journeys on a real Keycloak', args: [...JOURNEYS, '--invert'] }],
]

const inCi = process.env.CI === 'true'
const parts = findParts(process.env)
announce(parts)
if (inCi && parts.some(({ found }) => found === undefined)) {
  process.stdout.write('\nCI=true: every part must be there.\n0 passed, 1 failed, 0 skipped\n')
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'cloakroom-tests-'))
const totals: Totals = { passes: 0, failures: 0, pending: 0, byFile: {} }
let broken = false
await Promise.all(
  LANES.map(async (lane, index) => {
    for (const [at, run] of lane.entries()) await perform(run, `${index}-${at}`, index === 0)
  }),
)
rmSync(folder, { recursive: true, force: true })
if (broken) totals.failures++
if (inCi && totals.pending > 0) process.stdout.write('\nCI=true: nothing may be skipped.\n')
const counts = caseCounts(totals.byFile)
if (counts !== '') process.stdout.write(`\nCases in the security tables: ${counts}\n`)
process.stdout.write(`\n${totals.passes} passed, ${totals.failures} failed, ${totals.pending} skipped\n`)
process.exitCode = totals.failures > 0 || (inCi && totals.pending > 0) ? 1 : 0

/** The first lane is watched as it goes; what another one prints comes when it has ended. */
async function perform({ title, args }: Run, name: string, watched: boolean): Promise<void> {
  if (watched) process.stdout.write(`\n━━ ${title}\n`)
  const file = join(folder, `${name}.json`)
  const { exitCode, output } = await mocha(args, file, watched)
  if (!watched) process.stdout.write(`\n━━ ${title}\n${output}`)
  const counted = readTotals(file)
  if (counted === undefined || (exitCode !== 0 && counted.failures === 0)) broken = true
  totals.passes += counted?.passes ?? 0
  totals.failures += counted?.failures ?? 0
  totals.pending += counted?.pending ?? 0
  Object.assign(totals.byFile, counted?.byFile)
  if (counted !== undefined)
    process.stdout.write(`\n━━ ${title}: ${counted.passes} passed, ${counted.failures} failed\n`)
}

function announce(all: readonly Part[]): void {
  process.stdout.write('Real parts on this machine:\n')
  for (const { name, found, howToGet, usedFor } of all) {
    const state = found ?? `missing: skips ${usedFor}; to have it: ${howToGet}`
    process.stdout.write(`  ${found === undefined ? '✗' : '✓'} ${name.padEnd(10)} ${state}\n`)
  }
}

async function mocha(
  args: string[],
  totalsFile: string,
  watched: boolean,
): Promise<{ exitCode: number; output: string }> {
  const child = spawn('mocha', ['--reporter', 'test/support/totals-reporter.ts', ...args, ...process.argv.slice(2)], {
    stdio: ['inherit', watched ? 'inherit' : 'pipe', 'inherit'],
    env: { ...process.env, CLOAKROOM_TEST_TOTALS: totalsFile, NO_PROXY: '127.0.0.1,localhost' },
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
  const [exitCode, output] = await Promise.all([ended, child.stdout === null ? '' : text(child.stdout)])
  return { exitCode, output }
}

function readTotals(file: string): Totals | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Totals
  } catch {
    return undefined
  }
}
