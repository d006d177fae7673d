import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../platform/observability/log.ts'
import type { Leadership } from '../platform/redis/leadership.ts'
import type { CutOffs } from './cut-offs.ts'
import type { FollowEvents } from './follow-events.ts'
import type { Progress, ProgressStore } from './progress.ts'

export interface WatchParts {
  leadership: Leadership
  followEvents: FollowEvents
  cutOffs: Pick<CutOffs, 'reload'>
  progress: Pick<ProgressStore, 'read'>
  log: Log
  /** `ok`, `uncovered`, `refused` or `failed`, for each poll of the leader. */
  onPolled: (outcome: string) => void
  /** Called on every instance with what is known of the polls of the whole cluster. */
  onProgress: (progress: Progress) => void
  /** Milliseconds between two polls. */
  pollMs: number
  /** Milliseconds between two polls at most while they fail. */
  longestMs: number
  /** Milliseconds between two requests for leadership. */
  heartbeatMs: number
}

export interface Watch {
  start(): void
  /** Lets what runs finish its present step and gives up the leadership. */
  stop(): Promise<void>
}

/**
 * Runs on every instance; one leads and polls, the others only keep their copies fresh. While Keycloak or Redis is away it
 * tries less often, says so once, and catches up afterwards.
 */
export function createWatch(parts: WatchParts): Watch {
  const { leadership, cutOffs, progress, onProgress, pollMs, longestMs, heartbeatMs } = parts
  const stopping = new AbortController()
  const { signal } = stopping
  const report = createReport(parts)
  let leads = false
  let running: Promise<unknown> | undefined

  const wait = (milliseconds: number) => pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)

  async function holdOn(): Promise<void> {
    while (!signal.aborted) {
      leads = await leadership.hold().catch(() => false)
      await wait(heartbeatMs)
    }
    leads = false
  }

  async function poll(): Promise<number> {
    try {
      const outcome = await parts.followEvents()
      report(outcome)
      return pollMs
    } catch (error) {
      const failures = report('failed', error)
      return Math.min(pollMs * 2 ** failures, longestMs)
    }
  }

  async function work(): Promise<void> {
    let nextPollAt = 0
    let nextReadAt = 0
    while (!signal.aborted) {
      if (leads && performance.now() >= nextPollAt) nextPollAt = performance.now() + (await poll())
      if (performance.now() >= nextReadAt) {
        // While Redis is away nothing can be read, and nobody can use a session either.
        await cutOffs.reload().catch(() => undefined)
        const known = await progress.read().catch(() => undefined)
        if (known !== undefined) onProgress(known)
        nextReadAt = performance.now() + pollMs
      }
      await wait(Math.min(heartbeatMs, pollMs))
    }
  }

  return {
    start() {
      running ??= Promise.all([holdOn(), work()])
    },
    async stop() {
      stopping.abort()
      await running
      await leadership.resign().catch(() => undefined)
    },
  }
}

/** One line when something breaks and one when it is well again; answers how often it has failed in a row. */
function createReport({ log, onPolled }: Pick<WatchParts, 'log' | 'onPolled'>) {
  let failures = 0
  let last = 'ok'
  return function report(outcome: Awaited<ReturnType<FollowEvents>> | 'failed', error?: unknown): number {
    onPolled(outcome)
    failures = outcome === 'failed' ? failures + 1 : 0
    if (outcome === last) return failures
    last = outcome
    if (outcome === 'ok') log.info('the events of the realm are followed again')
    else if (outcome === 'uncovered')
      log.warn(
        'the realm does not keep the events that tell of revocations: sessions in use are renewed instead. Turn on admin events and the login event LOGOUT in Keycloak (Realm settings, Events)',
      )
    else if (outcome === 'refused')
      log.error(
        'Keycloak does not let the gateway read the events of the realm: sessions in use are renewed instead. Look at KEYCLOAK_ADMIN_CLIENT_ID and its secret, and give its service account the roles view-events and view-users',
      )
    else log.warn('the events of the realm cannot be followed; they are caught up with later', { error })
    return failures
  }
}
