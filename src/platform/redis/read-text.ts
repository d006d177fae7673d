import type { Redis } from './redis-client.ts'

/** A value that is a text; one of another type was not written by us and counts as absent, not as a Redis that fails. */
export async function readText(redis: Redis, key: string): Promise<string | null> {
  try {
    return await redis.get(key)
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return null
    throw error
  }
}
