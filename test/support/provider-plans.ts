import type { Call, Endpoint, Reply } from './provider-script.ts'

export interface Hold {
  /** Settles when the first call waits. */
  readonly arrived: Promise<Call>
  waiting(): number
  /** Lets everyone go on, now and later. */
  release(): void
}

/** What was planned for an endpoint: other answers, and calls that are kept waiting. */
export function createProviderPlans() {
  const replies = new Map<Endpoint, { reply: Reply; times: number }>()
  const holds = new Map<Endpoint, { gate: Promise<void>; arrive: (call: Call) => void; release: () => void }>()

  return {
    /** Waits while the endpoint is held, then gives the planned answer, if any. */
    async next(call: Call): Promise<Reply | undefined> {
      const held = holds.get(call.endpoint)
      held?.arrive(call)
      await held?.gate
      const planned = replies.get(call.endpoint)
      if (planned !== undefined && --planned.times <= 0) replies.delete(call.endpoint)
      return planned?.reply
    },
    reply(endpoint: Endpoint, reply: Reply, times = Number.POSITIVE_INFINITY): void {
      replies.set(endpoint, { reply, times })
    },
    hold(endpoint: Endpoint): Hold {
      const opened = Promise.withResolvers<void>()
      const arrived = Promise.withResolvers<Call>()
      let waiting = 0
      const arrive = (call: Call) => {
        waiting++
        arrived.resolve(call)
      }
      const release = () => {
        holds.delete(endpoint)
        opened.resolve()
      }
      holds.set(endpoint, { gate: opened.promise, arrive, release })
      return { arrived: arrived.promise, waiting: () => waiting, release }
    },
    clear(): void {
      replies.clear()
      for (const { release } of [...holds.values()]) release()
    },
  }
}
