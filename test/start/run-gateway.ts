import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface Process {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** What it logged, one object a line. */
  lines(): Record<string, unknown>[]
  /** Waits until it says that it is ready; fails with its words when it ends instead. */
  ready(): Promise<void>
  ended: Promise<Ended>
}

/** The least that starts; the provider is nowhere, which must not matter. */
export const leastEnv: Record<string, string> = {
  KEYCLOAK_SERVER_URL: 'http://127.0.0.1:9',
  KEYCLOAK_REALM: 'demo',
  KEYCLOAK_CLIENT_ID: 'cloakroom',
  KEYCLOAK_CLIENT_SECRET: 'kc-secret-of-these-tests',
  MANAGEMENT_PORT: '0',
}

/** A folder of its own and what runs in it; everything is gone after the test. */
export function workplace() {
  let folder = ''
  const running: Process[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cloakroom-start-'))
    // Without one, Node says so on standard error.
    writeFileSync(join(folder, '.env'), '')
  })
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  return {
    folder: () => folder,
    write: (name: string, text: string) => writeFileSync(join(folder, name), text),
    /** Runs what `npm run <script>` runs, in the folder and with nothing else in its environment. */
    run(script: 'start' | 'check-config' | 'audit:verify', env: Record<string, string>): Process {
      const started = launch(script, env, folder)
      running.push(started)
      return started
    },
  }
}

/** Whoever calls this ends it: nothing here does. */
export function launch(
  script: 'start' | 'check-config' | 'audit:verify',
  env: Record<string, string>,
  cwd: string,
): Process {
  const [program, ...words] = (scripts[script] ?? '').split(' ')
  if (program !== 'node') throw new Error(`npm run ${script} does not begin with node`)
  const args = words.map((word) => (word.startsWith('src/') ? join(root, word) : word))
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString()
    child.emit('line')
  })
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString()
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ended)
  const lines = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const isReady = () => lines().some(({ message }) => message === 'cloakroom is ready')
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    lines,
    ended,
    async ready() {
      while (!isReady()) {
        const more = await Promise.race([once(child, 'line').then(() => true), ended.then(() => false)])
        if (!more && !isReady()) throw new Error(`it ended before it was ready:\n${stdout}\n${stderr}`)
      }
    },
  }
}
