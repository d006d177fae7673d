import {
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  type IBackoffFactory,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  isTaskCancelledError,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import type { Clock } from '../clock.ts'
import { DependencyFailure } from './dependency-failure.ts'

export interface GuardOptions {
  /** Names the breaker in metrics and messages; one per target. */
  target: string
  /** Milliseconds for one attempt, body included. */
  timeoutMs: number
  /** Further attempts after a failure; only for idempotent calls. */
  retries?: number
  concurrency?: number
  queue?: number
}

/** A policy around one dependency: bulkhead → retry → breaker → timeout. */
export interface Guard {
  readonly target: string
  /** @throws DependencyFailure when the dependency is down, slow, overloaded or its breaker is open; other errors as they are */
  execute<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>
  state(): BreakerState
}

export interface BreakerState {
  state: 'closed' | 'open' | 'half-open'
  /** Since the process began. */
  failures: number
  lastFailureAt: string | null
  /** When an open breaker lets the next call try. */
  nextAttemptAt: string | null
}

export interface ResilienceParts {
  clock: Clock
  onState: (target: string, state: BreakerState['state']) => void
  /** Told of each new breaker, which is closed. */
  onNew?: (target: string) => void
  /** A timer for one target. */
  outboundTimer: (target: string) => (outcome: string, seconds: number) => void
}

const NAMES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
} as const

/** Makes guards, and knows their breakers. Only failures of the dependency itself count against its breaker; a 4xx is an answer, an abort is ours. */
export function createResilience({ clock, onState, onNew = () => undefined, outboundTimer }: ResilienceParts) {
  const breakers = new Map<string, () => BreakerState>()
  const moment = (inMs = 0) => new Date(clock.now() + inMs).toISOString()

  function guard(options: GuardOptions): Guard {
    const { target, timeoutMs, retries = 0, concurrency = 64, queue = 256 } = options
    const counts = handleWhen((error) => error instanceof DependencyFailure || isTaskCancelledError(error))
    const record: BreakerState = { state: 'closed', failures: 0, lastFailureAt: null, nextAttemptAt: null }
    const pause = told(new ExponentialBackoff({ initialDelay: 1_000, maxDelay: 5_000 }), (milliseconds) => {
      record.nextAttemptAt = moment(milliseconds)
    })
    const breaker = circuitBreaker(counts, {
      halfOpenAfter: pause,
      breaker: new ConsecutiveBreaker(5),
    })
    const again = retry(counts, {
      maxAttempts: retries,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1_000 }),
    })
    const limit = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })
    const policy = wrap(bulkhead(concurrency, queue), again, breaker, limit)
    const time = outboundTimer(target)
    breaker.onStateChange((state) => {
      record.state = NAMES[state]
      if (record.state !== 'open') record.nextAttemptAt = null
      onState(target, record.state)
    })
    breaker.onFailure(({ handled }) => {
      if (!handled) return
      record.failures++
      record.lastFailureAt = moment()
    })
    breakers.set(target, () => ({ ...record }))
    onNew(target)

    return {
      target,
      state: () => ({ ...record }),
      async execute(call) {
        const started = performance.now()
        const done = (outcome: string) => time(outcome, (performance.now() - started) / 1000)
        try {
          const answer = await policy.execute(({ signal }) => call(signal))
          done('ok')
          return answer
        } catch (error) {
          const failure = asFailure(error, target)
          done(failure instanceof DependencyFailure ? failure.kind : 'refused')
          throw failure
        }
      },
    }
  }

  return Object.assign(guard, {
    /** Every breaker by its target. */
    states: (): Record<string, BreakerState> =>
      Object.fromEntries([...breakers].map(([target, state]) => [target, state()])),
  })
}

/** The same pauses; each is told when it begins. */
function told<T>(factory: IBackoffFactory<T>, onPause: (milliseconds: number) => void): IBackoffFactory<T> {
  const watch = (backoff: IBackoff<T>): IBackoff<T> => {
    onPause(backoff.duration)
    return { duration: backoff.duration, next: (context) => watch(backoff.next(context)) }
  }
  return { next: (context) => watch(factory.next(context)) }
}

function asFailure(error: unknown, target: string): unknown {
  if (isTaskCancelledError(error)) return new DependencyFailure('timeout', `${target} did not answer in time`, error)
  if (isBrokenCircuitError(error))
    return new DependencyFailure('breaker-open', `the breaker of ${target} is open`, error)
  if (isBulkheadRejectedError(error))
    return new DependencyFailure('overloaded', `too many calls to ${target} are waiting`, error)
  return error
}
