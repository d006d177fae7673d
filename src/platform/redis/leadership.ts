/** Who does what only one instance may do; the port that every implementation signs a contract for. */
export interface Leadership {
  /**
   * Asks to lead, or to go on leading; whether this instance leads now, and for `lifeMs` after. Ask again well before.
   * @throws Error when nobody can tell: then nobody leads
   */
  hold(): Promise<boolean>
  /** Gives it up, so that another need not wait until it runs out. */
  resign(): Promise<void>
}

/** For one process, which leads. */
export function createSoleLeadership(): Leadership {
  return { hold: async () => true, resign: async () => undefined }
}
