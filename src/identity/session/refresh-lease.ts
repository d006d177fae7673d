/** Who may spend a session's refresh token; the port that every implementation signs a contract for. */
export interface Lease {
  /** Runs the task while nobody else runs one for this session. */
  run<T>(sessionId: string, task: () => Promise<T>): Promise<T>
}

/** For one process: whoever comes later waits for the one before. */
export function createLocalRefreshLease(): Lease {
  const last = new Map<string, Promise<unknown>>()
  return {
    async run(sessionId, task) {
      const before = last.get(sessionId) ?? Promise.resolve()
      const mine = before.then(task, task)
      last.set(sessionId, mine)
      try {
        return await mine
      } finally {
        if (last.get(sessionId) === mine) last.delete(sessionId)
      }
    },
  }
}
