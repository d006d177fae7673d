import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export type GatewayProcess = {
  /** Waits until it can answer. @throws when it ends before, or is not ready in time */
  ready(): Promise<void>
  /** Resolves with the exit code when it ends for whatever reason. */
  ended: Promise<number | null>
  /** Asks it to end in order and waits until it has. */
  stop(): Promise<void>
}

const patience = 30_000
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}

async function awaitReady(url: string, child: ChildProcess) {
  const giveUp = Date.now() + patience
  while (child.exitCode === null && child.signalCode === null) {
    if (await isReady(url)) return
    if (Date.now() > giveUp) throw new Error(`The gateway was not ready after ${patience / 1000} s. Its log is above.`)
    await pause(100)
  }
  throw new Error('The gateway ended while it started. What it said is above.')
}

/**
 * Starts `src/main.ts` as a process of its own, with its log on this terminal.
 * @param url where this machine reaches it
 */
export function startGatewayProcess(url: string, env: NodeJS.ProcessEnv): GatewayProcess {
  const child = spawn(process.execPath, ['src/main.ts'], { stdio: ['ignore', 'inherit', 'inherit'], env })
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  return {
    ready: () => awaitReady(url, child),
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}
