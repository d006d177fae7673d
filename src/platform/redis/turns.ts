/** One after another where two at once would do harm; the port that every implementation signs a contract for. */
export interface Turns {
  /**
   * Work under one key waits for the work before it, whether that went well or not; other keys go their own way. Turns may
   * be taken inside turns, of another key, in the same order everywhere.
   * @throws GatewayError CHANGE_IN_PROGRESS when the work before takes too long, COORDINATION_UNAVAILABLE when nobody can
   * tell whose turn it is; then the work has not begun. And whatever the work throws
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /**
   * To be asked before each step of such work: resolves while all turns that the calling work holds are its own, for at
   * least as long as a step may take. Outside of turns always.
   * @throws GatewayError COORDINATION_UNAVAILABLE when a turn was lost, or may have been
   */
  check(): Promise<void>
}

/** For one process. */
export function createLocalTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    run(key, work) {
      const before = last.get(key) ?? Promise.resolve()
      const mine = before.then(work, work)
      const settled = mine
        .catch(() => undefined)
        .then(() => {
          if (last.get(key) === settled) last.delete(key)
        })
      last.set(key, settled)
      return mine
    },
    check: async () => undefined,
  }
}
