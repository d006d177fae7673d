import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { UsageError } from './options.ts'

const run = promisify(execFile)

/** Programs the benchmark cannot do without, the Debian packages that bring them, and how they say their version. */
const TOOLS = [
  { name: 'nginx', package: 'nginx-light', version: ['-v'] },
  { name: 'wrk', package: 'wrk', version: ['-v'] },
  { name: 'redis-server', package: 'redis-server', version: ['--version'] },
  { name: 'taskset', package: 'util-linux', version: ['--version'] },
] as const

type Tool = (typeof TOOLS)[number]

/** The two cores: the measured process has one to itself, everything around it shares the other. */
export interface Cores {
  gateway: number
  rest: number
}

export interface Machine {
  processor: string
  cores: number
  /** GiB. */
  memory: number
  versions: Record<string, string>
}

/**
 * Looks for the tools and answers what the figures depend on.
 * @throws UsageError naming every package that has to be installed
 */
export async function inspectMachine(packages: readonly string[]): Promise<Machine> {
  const found = await Promise.all(TOOLS.map(async (tool) => ({ tool, version: await versionOf(tool) })))
  const missing = found.filter(({ version }) => version === undefined).map(({ tool }) => tool)
  if (missing.length > 0)
    throw new UsageError(
      `The benchmark needs ${missing.map(({ name }) => name).join(', ')}. On Debian and Ubuntu: apt-get install ${missing.map((tool) => tool.package).join(' ')}`,
    )
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    versions: Object.fromEntries([
      ['node', process.version.slice(1)],
      ...packages.map((name) => [name, packageVersion(name)]),
      ...found.map(({ tool, version }) => [tool.name, version ?? '']),
    ]),
  }
}

/** The first two cores this process may use. @throws UsageError when there is only one, or no way to know */
export function chooseCores(): Cores {
  const [gateway, rest] = allowedCores()
  if (gateway !== undefined && rest !== undefined) return { gateway, rest }
  throw new UsageError(
    'The benchmark needs two processor cores: one for the measured process, one for everything else.',
  )
}

function allowedCores(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
    return list.split(',').flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    })
  } catch {
    throw new UsageError('The benchmark runs on Linux only: it reads /proc and pins processes to cores.')
  }
}

async function versionOf({ name, version }: Tool): Promise<string | undefined> {
  try {
    return firstVersion(await run(name, version))
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    // wrk answers -v with its usage and exit code 1.
    return code === 'ENOENT' ? undefined : firstVersion({ stdout, stderr })
  }
}

function firstVersion({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'unknown'
}

function packageVersion(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
