/** A lease that is being held. */
export interface Hold {
  /** Names it, so that a store refuses what is written under a lease that somebody else holds by now. */
  readonly fence: string
  /** Whether nobody else has taken it meanwhile. */
  isMine(): Promise<boolean>
}

/** Who may spend a session's refresh token; the port that every implementation signs a contract for. */
export interface Lease {
  /** Runs the task while nobody else runs one for this session. */
  run<T>(sessionId: string, task: (hold: Hold) => Promise<T>): Promise<T>
}

/** For one process: whoever comes later waits for the one before. */
export function createLocalRefreshLease(): Lease {
  const last = new Map<string, Promise<unknown>>()
  const hold: Hold = { fence: 'this process', isMine: async () => true }
  return {
    async run(sessionId, task) {
      const before = last.get(sessionId) ?? Promise.resolve()
      const begin = () => task(hold)
      const mine = before.then(begin, begin)
      last.set(sessionId, mine)
      try {
        return await mine
      } finally {
        if (last.get(sessionId) === mine) last.delete(sessionId)
      }
    },
  }
}
