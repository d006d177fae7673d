import type { Identity } from '../../identity/identity.ts'

/** What is known of a credential that still holds; times in milliseconds since the epoch. */
export interface Standing {
  /** Then it has to be asked about again: it may have been prolonged. */
  readonly until: number
  /** Then it is over in any case. */
  readonly atLatest: number
  /** When the provider issued the login or token behind it. */
  readonly issuedAt: number
}

export interface CredentialLifeParts {
  identity: Identity
  /** Whether it still holds, undefined when it does not; rejects when nobody can tell. */
  confirm: (identity: Identity) => Promise<Standing | undefined>
  /** Whether a credential that was issued then has been cut off since; no I/O. */
  isCutOff: (subject: string, issuedAt: number) => boolean
  /** Whether news of ended sessions and denied tokens certainly arrive. */
  newsArrive: () => boolean
  /** Milliseconds for which it may go on while nobody can tell. */
  patienceMs: number
}

/** What the watch over long-lived exchanges knows of one session or token. */
export interface CredentialLife {
  /** By what is known here. */
  isOver(now: number): boolean
  /** Nobody could tell for too long. */
  isLost(): boolean
  mustAsk(now: number): boolean
  /** Never rejects. */
  ask(): Promise<void>
  /** What is known may be outdated. */
  suspect(): void
}

/** A session's end is told; that a token was taken back is found in this process by looking. */
const ASK_AGAIN_MS = { session: 30_000, bearer: 500 } as const
const WITHOUT_NEWS_MS = 3_000

export function createCredentialLife(parts: CredentialLifeParts): CredentialLife {
  const { identity, confirm, isCutOff, newsArrive, patienceMs } = parts
  let standing: Standing | undefined
  let ended = false
  let asking = false
  let askedAt = Number.NEGATIVE_INFINITY
  let unknownSince: number | undefined

  const isDue = () => {
    const again = unknownSince === undefined && newsArrive() ? ASK_AGAIN_MS[identity.method] : WITHOUT_NEWS_MS
    return performance.now() - askedAt >= again
  }

  return {
    isOver: (now) =>
      ended || (standing !== undefined && (now >= standing.atLatest || isCutOff(identity.id, standing.issuedAt))),
    isLost: () => unknownSince !== undefined && performance.now() - unknownSince > patienceMs,
    mustAsk(now) {
      if (asking) return false
      // Past its time it is asked about at every look, unless nobody answers.
      const lapsed = standing !== undefined && now >= standing.until && unknownSince === undefined
      return lapsed || isDue()
    },
    async ask() {
      asking = true
      askedAt = performance.now()
      try {
        const found = await confirm(identity)
        if (found === undefined) ended = true
        standing = found
        unknownSince = undefined
      } catch {
        unknownSince ??= askedAt
      } finally {
        asking = false
      }
    },
    suspect() {
      askedAt = Number.NEGATIVE_INFINITY
    },
  }
}
