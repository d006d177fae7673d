export interface DependencyState {
  status: 'up' | 'down' | 'degraded'
  /** A word of explanation that gives nothing away: no hosts, no errors. */
  note?: string
}

export interface ReadinessCheck {
  name: string
  /** Whether the gateway can serve without it: a required dependency that is down makes 503. */
  required: boolean
  check(): Promise<DependencyState>
}

export interface Readiness {
  ready: boolean
  dependencies: Record<string, DependencyState & { required: boolean }>
}

const CHECK_TIMEOUT_MS = 3_000

/** Asks every dependency at once; one that does not answer within 3 s counts as down. */
export function createReadiness(checks: ReadinessCheck[]): () => Promise<Readiness> {
  return async function readiness() {
    const states = await Promise.all(checks.map(async (item) => [item, await ask(item)] as const))
    return {
      ready: states.every(([item, state]) => !item.required || state.status !== 'down'),
      dependencies: Object.fromEntries(
        states.map(([item, state]) => [item.name, { ...state, required: item.required }]),
      ),
    }
  }
}

async function ask(item: ReadinessCheck): Promise<DependencyState> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<DependencyState>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', note: 'no answer in time' }), CHECK_TIMEOUT_MS)
  })
  try {
    return await Promise.race([item.check(), late])
  } catch {
    return { status: 'down' }
  } finally {
    clearTimeout(timer)
  }
}
