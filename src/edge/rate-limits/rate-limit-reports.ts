/** Things to be sent some time later, many at once. */
export interface RateLimitReports<T> {
  /** With the next round, within half a second. */
  soon(item: T): void
  /** At the end of this turn of the event loop, together with whatever else waits. */
  atOnce(item: T): void
  /** It need not be sent any more. */
  drop(item: T): void
  /** Sends everything that waits; resolves when that is done. */
  flush(): Promise<void>
  close(): void
}

export interface RateLimitReportsParts<T> {
  /** Must not reject. */
  send: (item: T) => Promise<unknown>
  /** Nothing is sent, and nothing forgotten, while this says no. */
  maySend: () => boolean
  /** Milliseconds. */
  every?: number
}

const EVERY_MS = 500
/** So many go in one pipeline: more of them would be late because of each other. */
const BATCH = 256

/** Gathers items, each once, and sends them in batches, one batch at a time. */
export function createRateLimitReports<T>({
  send,
  maySend,
  every = EVERY_MS,
}: RateLimitReportsParts<T>): RateLimitReports<T> {
  const waiting = new Set<T>()
  let timer: NodeJS.Timeout | undefined
  let urgent: NodeJS.Immediate | undefined
  let running: Promise<void> | undefined

  /** What waits now and nothing that comes meanwhile: under load something always does. */
  async function sendRound(): Promise<void> {
    const round = [...waiting]
    for (let at = 0; at < round.length && maySend(); at += BATCH) {
      const batch = round.slice(at, at + BATCH).filter((item) => waiting.delete(item))
      await Promise.all(batch.map(send))
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (running !== undefined) return running.then(() => (waiting.size > 0 && maySend() ? flush() : undefined))
    running = sendRound().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    soon(item) {
      waiting.add(item)
      timer ??= setTimeout(() => void flush(), every).unref()
    },
    atOnce(item) {
      waiting.add(item)
      urgent ??= setImmediate(() => {
        urgent = undefined
        void flush()
      })
    },
    drop: (item) => void waiting.delete(item),
    flush,
    close() {
      clearTimeout(timer)
      clearImmediate(urgent)
    },
  }
}
