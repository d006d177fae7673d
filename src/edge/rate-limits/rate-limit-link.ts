/** The way to counters that several instances share: a deadline for each call, and a pause after a failure. */
export interface RateLimitLink {
  /** Whether the counters may be asked now; if not, everybody counts by himself. */
  isUp(): boolean
  /** The answer, or undefined when there was none in time. Never rejects. */
  ask<T>(call: () => Promise<T>): Promise<T | undefined>
  /** Called when the counters answer again after an outage. */
  onReturn(listener: () => void): void
  close(): void
}

export interface RateLimitLinkParts {
  /** Does what the calls do, to find out whether they would succeed. */
  probe: () => Promise<unknown>
  /** Called once when an outage begins, with its reason, and once when it is over. */
  onChange: (up: boolean, error?: unknown) => void
  /** Milliseconds a call may take; asked at each call. */
  deadline?: () => number
  /** Milliseconds between two looks during an outage. */
  pause?: number
}

const DEADLINE_MS = 200
const PAUSE_MS = 1_000

/**
 * One call that fails or is late closes the way for everybody; from then on only the probe knocks, in the background, so
 * that counters that hang cost a few requests 200 ms once, and no request after that anything.
 */
export function createRateLimitLink(parts: RateLimitLinkParts): RateLimitLink {
  const { probe, onChange, deadline = () => DEADLINE_MS, pause = PAUSE_MS } = parts
  const listeners: (() => void)[] = []
  let up = true
  let closed = false
  let timer: NodeJS.Timeout | undefined

  function knockLater(): void {
    if (!closed) timer = setTimeout(() => void knock(), pause).unref()
  }

  async function knock(): Promise<void> {
    try {
      await inTime(probe(), deadline())
    } catch {
      knockLater()
      return
    }
    if (closed) return
    up = true
    onChange(true)
    for (const listener of listeners) listener()
  }

  function breakOff(error: unknown): void {
    if (!up || closed) return
    up = false
    onChange(false, error)
    knockLater()
  }

  return {
    isUp: () => up && !closed,
    async ask(call) {
      try {
        return await inTime(call(), deadline())
      } catch (error) {
        breakOff(error)
        return undefined
      }
    },
    onReturn: (listener) => void listeners.push(listener),
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`the shared counters did not answer within ${milliseconds} ms`))
    // If it was this process that was busy, the answer is there already and is read before the check phase.
    const timer = setTimeout(() => setImmediate(giveUp), milliseconds)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
