import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '4.32.5'
const HOME = join(homedir(), '.cache', 'cloakroom', `schemathesis-${VERSION}`)
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
]

export interface FuzzRun {
  /** Of the gateway. */
  readonly url: string
  readonly seconds: number
  readonly seed: number
  /** Where the value of `Authorization` is asked for. */
  readonly credentials: string
  /** Which operations: arguments of Schemathesis. */
  readonly operations: readonly string[]
}

/** Puts Schemathesis where it can be found again, when it is not there. @throws Error when that fails */
export async function installSchemathesis(): Promise<void> {
  if (existsSync(join(HOME, 'installed'))) return
  process.stdout.write(`Schemathesis ${VERSION} is not here yet; it comes from PyPI into ${HOME} (once, 60 MB).\n`)
  rmSync(HOME, { recursive: true, force: true })
  const python = join(HOME, 'bin', 'python')
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', HOME]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${VERSION}`]],
    [python, ['-c', `open(${JSON.stringify(join(HOME, 'installed'))}, 'w').close()`]],
  ]
  for (const [command, args] of steps) {
    const code = await run(command, args, process.env)
    if (code !== 0)
      throw new Error(
        `\`${command} ${args.join(' ')}\` failed; python3 with venv and pip is needed, and PyPI in reach.`,
      )
  }
}

/** Lets Schemathesis loose for a while. @returns whether everything was as the document says */
export async function fuzz({ url, seconds, seed, credentials, operations }: FuzzRun): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-fuzz-'))
  const args = [
    ...['run', `${url}/openapi.json`, '--checks', CHECKS.join(','), '--max-time', String(seconds)],
    ...['--seed', String(seed), '--continue-on-failure', '--generation-database', 'none', '--no-color'],
    ...['--max-redirects', '0', '--request-timeout', '20', '--warnings', 'off', '--suppress-health-check', 'all'],
    ...operations,
  ]
  const code = await run(
    join(HOME, 'bin', 'st'),
    args,
    {
      ...process.env,
      NO_PROXY: 'localhost,127.0.0.1',
      PYTHONPATH: fileURLToPath(new URL('.', import.meta.url)),
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'credentials',
      CLOAKROOM_FUZZ_CALLER: credentials,
    },
    folder,
  )
  rmSync(folder, { recursive: true, force: true })
  return code === 0
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv, cwd?: string): Promise<number> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, ...(cwd && { cwd }) })
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
