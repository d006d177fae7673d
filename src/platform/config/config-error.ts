export interface ConfigProblem {
  /** The variable, or the place in the routes file. */
  where: string
  /** What is wrong and how to mend it. */
  what: string
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ where, what }) => `  - ${where}: ${what}`)
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(`The configuration has ${count}:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}
