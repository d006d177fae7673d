import { createReadStream } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../parts/ask.ts'

const REQUEST_LINE = '"message":"request"'
const WITHIN_MS = 5_000

/** Every measured call must stand in the access log and in the metrics: nobody gets fast by forgetting them. */
export function createTraces({ managementPort, logFile }: { managementPort: number; logFile: string }) {
  let countedBefore = 0

  async function counted(): Promise<number> {
    const { body } = await ask({ port: managementPort, path: '/metrics' })
    const lines = body.matchAll(/^cloakroom_http_request_seconds_count\{([^}]*)\} (\d+)$/gm)
    return [...lines]
      .filter(([, labels = '']) => labels.includes('route="orders"') && labels.includes('status="2xx"'))
      .reduce((sum, [, , value]) => sum + Number(value), 0)
  }

  return {
    async beginRun() {
      await truncate(logFile)
      countedBefore = await counted()
    },
    async endRun(requests: number) {
      const logged = await reaches(requests, () => countLines(logFile))
      if (logged < requests) throw new Error(`the access log has ${logged} lines for ${requests} calls.`)
      const measured = await reaches(requests, async () => (await counted()) - countedBefore)
      if (measured < requests) throw new Error(`the metrics count ${measured} of ${requests} calls.`)
      await truncate(logFile)
    },
  }
}

/** The last lines are written a moment after the last answers. */
async function reaches(wanted: number, count: () => Promise<number>): Promise<number> {
  const deadline = Date.now() + WITHIN_MS
  let found = await count()
  while (found < wanted && Date.now() < deadline) {
    await pause(50)
    found = await count()
  }
  return found
}

async function countLines(file: string): Promise<number> {
  let count = 0
  let rest = ''
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    count += lines.filter((line) => line.includes(REQUEST_LINE)).length
  }
  return count
}
