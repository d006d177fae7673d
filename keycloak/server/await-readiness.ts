import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { lastLines } from './run-command.ts'

type Readiness = { managementUrl: string; exited: Promise<number | null>; logFile: string; timeout: number }

/**
 * Waits until the server says on its management port that it is ready; `timeout` is in milliseconds.
 *
 * @throws Error with the end of the log when the server ends first or takes too long.
 */
export async function awaitReadiness({ managementUrl, exited, logFile, timeout }: Readiness): Promise<void> {
  const deadline = Date.now() + timeout
  const gone = exited.then((code) => ({ code }))
  while (!(await isReady(managementUrl))) {
    const ended = await Promise.race([gone, delay(250)])
    if (ended !== undefined) throw await failure(`ended while it was starting (exit code ${ended.code})`, logFile)
    if (Date.now() > deadline) throw await failure(`was not ready after ${timeout / 1000} s`, logFile)
  }
}

async function isReady(managementUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${managementUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}

async function failure(what: string, logFile: string): Promise<Error> {
  const log = await readFile(logFile, 'utf8').catch(() => '(it cannot be read)')
  return new Error(`Keycloak ${what}. Its log, ${logFile}, ends with:\n${lastLines(log, 20)}`)
}
