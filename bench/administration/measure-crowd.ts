import { setTimeout as pause } from 'node:timers/promises'
import type { AdminGateway } from './admin-gateway.ts'
import { type Client, summary, type Times } from './sample.ts'

const EVERY_MS = 5
/** What the gateway asks for in `Retry-After` when too many ask at once. */
const REFUSED_MS = 1_000

export interface CrowdParts {
  client: Client
  gateway: AdminGateway
  userIds: readonly string[]
  /** Administrators who ask one thing after another without a pause. */
  crowd: number
  seconds: number
}

/** Proxied calls at a steady pace, whether the one before was answered or not; first alone, then beside a crowd. */
export async function measureCrowd(parts: CrowdParts): Promise<{ alone: Times; beside: Times }> {
  await steadyCalls(parts, 1)
  const alone = await steadyCalls(parts, parts.seconds)
  const over = new AbortController()
  const crowd = Array.from({ length: parts.crowd }, (_, at) => administer(parts, at, over.signal))
  try {
    return { alone, beside: await steadyCalls(parts, parts.seconds) }
  } finally {
    over.abort()
    await Promise.allSettled(crowd)
  }
}

async function steadyCalls({ client, gateway, seconds }: CrowdParts, length = seconds): Promise<Times> {
  const calls: Promise<number>[] = []
  const end = performance.now() + length * 1000
  while (performance.now() < end) {
    calls.push(client.time({ url: `${gateway.url}/api/orders/7`, headers: gateway.administrator }))
    await pause(EVERY_MS)
  }
  return summary(await Promise.all(calls))
}

/** Searches, which no cache answers; who is refused because too many ask Keycloak at once comes again later. */
async function administer({ client, gateway, crowd }: CrowdParts, at: number, over: AbortSignal): Promise<void> {
  for (let round = 0; !over.aborted; round++)
    await client
      .time({
        url: `${gateway.url}/api/v1/admin/users?search=bench-${at + round * crowd}`,
        headers: gateway.administrator,
      })
      .catch(() => pause(REFUSED_MS))
}
