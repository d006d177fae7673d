import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** A program the benchmark started, and the only ones it ever stops. */
export interface Part {
  readonly name: string
  readonly pid: number
  /** @throws Error with its last words when it has ended by itself */
  checkAlive(): void
  stop(): Promise<void>
}

export interface PartOptions {
  name: string
  /** The core it runs on. */
  core: number
  command: readonly [string, ...string[]]
  /** Its whole environment, besides `PATH`; default the benchmark's own. */
  env?: Record<string, string>
  /** A file that gets its standard output, appended; default nowhere. */
  output?: string
  /** Asked again and again until it says yes. */
  isReady: () => Promise<boolean>
}

const READY_WITHIN_MS = 20_000
const ASK_EVERY_MS = 50
const STOP_WITHIN_MS = 10_000
const KEPT_ERRORS = 4_000

/**
 * Starts a program on its core and answers once it is ready.
 * @throws Error with the program's own last words when it ends first or takes longer than 20 s
 */
export async function startPart({ name, core, command, env, output, isReady }: PartOptions): Promise<Part> {
  const file = output === undefined ? undefined : openSync(output, 'a')
  const child = spawn('taskset', ['-c', String(core), ...command], {
    stdio: ['ignore', file ?? 'ignore', 'pipe'],
    env: env === undefined ? process.env : { PATH: process.env.PATH, ...env },
  })
  if (file !== undefined) closeSync(file)
  const lastWords = collectErrors(child)
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} cannot be started: taskset is missing.`)
  try {
    await untilReady(child, isReady)
  } catch (error) {
    await stop(child)
    throw new Error(`${name} did not start: ${(error as Error).message}\n${lastWords()}`)
  }
  return {
    name,
    pid,
    stop: () => stop(child),
    checkAlive() {
      const why = endOf(child)
      if (why !== undefined) throw new Error(`${name} ended ${why} while it was being measured.\n${lastWords()}`)
    },
  }
}

function endOf({ exitCode, signalCode }: ChildProcess): string | undefined {
  if (exitCode !== null) return `with code ${exitCode}`
  return signalCode === null ? undefined : `by ${signalCode}`
}

function collectErrors(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-KEPT_ERRORS)
  })
  return () => text
}

async function untilReady(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (!(await isReady().catch(() => false))) {
    const why = endOf(child)
    if (why !== undefined) throw new Error(`it ended ${why}.`)
    if (Date.now() > deadline) throw new Error(`it was not ready within ${READY_WITHIN_MS / 1000} s.`)
    await pause(ASK_EVERY_MS)
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (endOf(child) !== undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = new AbortController()
  const late = pause(STOP_WITHIN_MS, undefined, { signal: patience.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  )
  await ended
  patience.abort()
  await late
}
