/** A dependency is down, slow or overloaded: counts against its breaker, and never means that a caller did wrong. */
export class DependencyFailure extends Error {
  readonly kind: 'network' | 'timeout' | 'server-error' | 'breaker-open' | 'overloaded'

  constructor(kind: DependencyFailure['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'DependencyFailure'
    this.kind = kind
  }
}

/** The dependency failure in a chain of causes, or undefined: libraries wrap what a fetch throws. */
export function dependencyFailureIn(error: unknown): DependencyFailure | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth++) {
    if (at instanceof DependencyFailure) return at
  }
  return undefined
}
