import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { EventPage, KeycloakEvents } from '../platform/keycloak/events/keycloak-events.ts'
import type { CarryOut } from './carry-out.ts'
import type { CutOffs } from './cut-offs.ts'
import { isNothing, type Outdated, outdatedByAdmins, outdatedByPeople, PROFILE_EVENTS } from './outdated.ts'
import type { Progress, ProgressStore } from './progress.ts'
import { USER_EVENTS, type Verdict, verdictOnAdminEvent, verdictOnUserEvent, withoutRepetition } from './verdict.ts'

export interface FollowEventsParts {
  events: Pick<KeycloakEvents, 'areKept' | 'adminEvents' | 'userEvents'>
  progress: ProgressStore
  cutOffs: Pick<CutOffs, 'raise'>
  carryOut: CarryOut
  /** Every instance forgets what it remembers of this; never throws. */
  forget: (what: Outdated) => Promise<void>
  clock: Clock
  /** Seconds a session lives at most: so far back it is worth reading. */
  absoluteTimeout: number
}

/**
 * Reads what happened since the last time and acts upon it; `uncovered` when the realm keeps no events, `refused` when the
 * gateway may not read them. @throws GatewayError when Keycloak or the store is away
 */
export type FollowEvents = () => Promise<'ok' | 'uncovered' | 'refused'>

const PAGE = 100
/**
 * Milliseconds that are read again each time: an event carries the time of the act, but appears when its transaction ends,
 * and the clocks of Keycloak's nodes differ. What was already seen is told by its id.
 */
const OVERLAP_MS = 30_000

export function createFollowEvents(parts: FollowEventsParts): FollowEvents {
  const { events, progress, cutOffs, carryOut, forget, clock, absoluteTimeout } = parts
  const followAll = <E>(judge: (event: E) => Verdict | undefined, outdatedBy: (news: readonly E[]) => Outdated) =>
    async function act(news: readonly E[]): Promise<void> {
      const outdated = outdatedBy(news)
      if (!isNothing(outdated)) await forget(outdated)
      for (const verdict of withoutRepetition(news.map(judge))) await carryOut(verdict)
    }
  const readAdminEvents = createReader(events.adminEvents, followAll(verdictOnAdminEvent, outdatedByAdmins))
  const readUserEvents = createReader(
    (page) => events.userEvents(page, [...USER_EVENTS, ...PROFILE_EVENTS]),
    followAll(verdictOnUserEvent, outdatedByPeople),
  )

  return async function followEvents() {
    const polledAt = clock.now()
    const before = await progress.read()
    const answer = await unlessRefused(events.areKept())
    const time = answer === 'refused' ? polledAt : answer.time
    const longAgo = time - absoluteTimeout * 1000
    let now: Progress = before ?? { adminAt: longAgo, userAt: longAgo, polledAt, covered: false }
    const note = (change: Partial<Progress>) => {
      now = { ...now, ...change }
      return progress.write(now)
    }
    if (answer === 'refused' || !answer.kept) {
      await note({ covered: false, polledAt })
      return answer === 'refused' ? answer : 'uncovered'
    }
    await readAdminEvents(now.adminAt, (adminAt) => note({ adminAt }))
    await readUserEvents(now.userAt, (userAt) => note({ userAt }))
    // What happened while nobody kept a record shows in fresh tokens.
    if (!now.covered) await cutOffs.raise({ kind: 'renew', subject: null, at: time })
    await note({ covered: true, polledAt })
    return 'ok'
  }
}

async function unlessRefused<T>(asked: Promise<T>): Promise<T | 'refused'> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'KEYCLOAK_REFUSED') return 'refused'
    throw error
  }
}

/** Reads one kind of event page by page, oldest first; `note` after each, so that whoever takes over goes on from there. */
function createReader<E extends { id: string; time: number }>(
  read: (page: EventPage) => Promise<E[]>,
  act: (news: readonly E[]) => Promise<void>,
) {
  const seen = new Map<string, number>()

  return async function readOn(since: number, note: (newest: number) => Promise<void>): Promise<void> {
    const from = since - OVERLAP_MS
    for (const [id, time] of seen) if (time < from) seen.delete(id)
    let newest = since
    for (let first = 0; ; first += PAGE) {
      const page = await read({ from, first, max: PAGE })
      const news = page.filter(({ id }) => !seen.has(id))
      await act(news)
      for (const { id, time } of news) seen.set(id, time)
      newest = page.reduce((latest, { time }) => Math.max(latest, time), newest)
      if (news.length > 0) await note(newest)
      if (page.length < PAGE) return
    }
  }
}
