import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which systems give ports to outgoing connections (from 32,768 on Linux, from 49,152 elsewhere). */
const [LEAST, MOST] = [16_000, 32_000]

/**
 * A port nobody listens on right now, and that no connection is given by chance later: whatever listens on it can be
 * stopped and come back there.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LEAST, MOST)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    await once(probe.listen({ port, host: '127.0.0.1' }), 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
