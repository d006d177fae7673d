import { createClient } from 'redis'
import type { Log } from '../observability/log.ts'

export type Redis = ReturnType<typeof createRedisClient>

/** Milliseconds after which a command counts as failed (design section 3, time bounds). */
export const COMMAND_TIMEOUT_MS = 2_000

/**
 * One shared client: nothing is queued while Redis is away (a command fails at once), half-open connections are noticed
 * by ping, and it reconnects for as long as the process lives.
 */
export function createRedisClient(url: string, log: Log) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 2_000,
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    socket: {
      connectTimeout: COMMAND_TIMEOUT_MS,
      socketTimeout: 6_000,
      reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, 1_000) + Math.floor(Math.random() * 100),
    },
  })
  let down = false
  client.on('error', (error: Error) => {
    if (!down) log.warn('Redis is not reachable', { error: error.message })
    down = true
  })
  client.on('ready', () => {
    if (down) log.info('Redis is reachable again')
    down = false
  })
  return client
}

/** Fails a command that has no answer in time: node-redis's own time-out covers only the time before it is sent. */
export async function withDeadline<T>(command: Promise<T>, milliseconds = COMMAND_TIMEOUT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([command, late])
  } finally {
    clearTimeout(timer)
  }
}
