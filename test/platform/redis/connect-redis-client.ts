import { setTimeout as pause } from 'node:timers/promises'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createRedisClient, type Redis } from '../../../src/platform/redis/redis-client.ts'

/** A client as the gateway makes one, connected. */
export async function connectRedisClient(url: string, log = silentLog): Promise<Redis> {
  const client = createRedisClient(url, log)
  await client.connect()
  return client
}

/** Waits until something is true; the suite's own time-out is the only limit. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(10)
}
