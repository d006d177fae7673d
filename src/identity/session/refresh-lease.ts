/** Who may spend a session's refresh token; the port for a lease that spans instances. */
export interface Lease {
  /** Runs the task while nobody else runs one for this session. */
  run<T>(sessionId: string, task: () => Promise<T>): Promise<T>
}

/** For one process: the single flight around it is all that is needed. */
export const localLease: Lease = { run: (_sessionId, task) => task() }
