import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export interface Load {
  port: number
  /** A file with the requests to send in turn. */
  requests: string
  seconds: number
  connections: number
  core: number
  /** Ends the client early. */
  signal: AbortSignal
}

export interface Traffic {
  requests: number
  /** How long it took, in seconds. */
  seconds: number
  /** Milliseconds. */
  p50: number
  p99: number
}

const SCRIPT = fileURLToPath(new URL('client.lua', import.meta.url))

/**
 * Sends requests over and over with wrk, on one core.
 * @throws Error when any call failed, timed out or was answered with an error
 */
export async function callWithWrk({
  port,
  requests: file,
  seconds,
  connections,
  core,
  signal,
}: Load): Promise<Traffic> {
  const child = spawn(
    'taskset',
    [
      ...['-c', String(core), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', SCRIPT],
      ...[`http://127.0.0.1:${port}`, '--', file],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], signal },
  )
  const ended = once(child, 'close')
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const line = output.split('\n').find((candidate) => candidate.startsWith('{'))
  if (line === undefined) throw new Error(`wrk did not report its figures: ${complaints || output}`)
  const { requests, microseconds, p50, p99, ...errors } = JSON.parse(line) as Record<string, number>
  const failed = Object.entries(errors).filter(([, count]) => count > 0)
  if (failed.length > 0)
    throw new Error(`calls failed: ${failed.map(([kind, count]) => `${kind} ${count}`).join(', ')} (of ${requests})`)
  return {
    requests: requests ?? 0,
    seconds: (microseconds ?? 0) / 1e6,
    p50: (p50 ?? 0) / 1000,
    p99: (p99 ?? 0) / 1000,
  }
}
