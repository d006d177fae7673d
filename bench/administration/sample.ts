import { Agent, request } from 'node:http'

/** One request as it is sent, and how it must be answered. */
export interface Call {
  url: string
  method?: string
  headers: Record<string, string>
  body?: string
}

/** How long calls took, in milliseconds. */
export interface Times {
  p50: number
  p99: number
  count: number
}

/** One client with kept connections, as gateways and browsers have them. */
export interface Client {
  /** Milliseconds until the whole answer was there. @throws Error for an answer that is no success */
  time(call: Call): Promise<number>
  close(): void
}

export function createClient(): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  return {
    time: ({ url, method = 'GET', headers, body }) =>
      new Promise((resolve, reject) => {
        const begun = performance.now()
        const outgoing = request(url, { method, headers, agent }, (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.once('error', reject)
          answer.once('end', () => {
            const { statusCode = 0 } = answer
            if (statusCode < 300) resolve(performance.now() - begun)
            else
              reject(
                new Error(`${method} ${url} answered ${statusCode}: ${Buffer.concat(parts).toString().slice(0, 300)}`),
              )
          })
        })
        outgoing.once('error', reject)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}

export function summary(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), count: sorted.length }
}

/** Each round makes every call once, the first of them another one each time, so that nobody is always the one who warms up. */
export async function sideBySide(
  rounds: number,
  calls: readonly ((round: number) => Promise<number>)[],
): Promise<Times[]> {
  const times = calls.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (let at = 0; at < calls.length; at++) {
      const which = (round + at) % calls.length
      times[which]?.push((await calls[which]?.(round)) ?? 0)
    }
  return times.map(summary)
}
