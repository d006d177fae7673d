import { setTimeout as pause } from 'node:timers/promises'
import type { AdminGateway } from './admin-gateway.ts'
import { type Call, type Client, summary, type Times } from './sample.ts'

const EVERY_MS = 5
const WARM_UP_SECONDS = 3
/** What the gateway asks for in `Retry-After` when too many ask at once. */
const REFUSED_MS = 1_000

export interface CrowdParts {
  client: Client
  gateway: AdminGateway
  /** Where the proxied calls end, asked directly as well: what it becomes slower by is not the gateway's doing. */
  upstreamUrl: string
  /** Administrators who ask one thing after another without a pause. */
  crowd: number
  seconds: number
}

export interface CrowdTimes {
  alone: Times
  beside: Times
  upstreamAlone: Times
  upstreamBeside: Times
}

/** Proxied calls at a steady pace, whether the one before was answered or not; first alone, then beside a crowd. */
export async function measureCrowd(parts: CrowdParts): Promise<CrowdTimes> {
  const { gateway, upstreamUrl, seconds } = parts
  const proxied = { url: `${gateway.url}/api/orders/7`, headers: gateway.administrator }
  const both = (length: number) =>
    Promise.all([
      steadyCalls(parts.client, proxied, length),
      steadyCalls(parts.client, { url: `${upstreamUrl}/api/orders/7`, headers: {} }, length),
    ])
  await both(WARM_UP_SECONDS)
  const [alone, upstreamAlone] = await both(seconds)
  const over = new AbortController()
  const crowd = Array.from({ length: parts.crowd }, (_, at) => administer(parts, at, over.signal))
  try {
    await both(WARM_UP_SECONDS)
    const [beside, upstreamBeside] = await both(seconds)
    return { alone, beside, upstreamAlone, upstreamBeside }
  } finally {
    over.abort()
    await Promise.allSettled(crowd)
  }
}

async function steadyCalls(client: Client, call: Call, seconds: number): Promise<Times> {
  const calls: Promise<number>[] = []
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    calls.push(client.time(call))
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
