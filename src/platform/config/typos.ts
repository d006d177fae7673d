import type { ConfigProblem } from './config-error.ts'

/** Prefixes that are ours alone: an unknown variable with one of them is surely meant for the gateway. */
const OWN_PREFIX =
  /^(CLOAKROOM|OIDC|JWT|JWKS|RATE_LIMIT|WEBSOCKET|SESSION_ENCRYPTION|SESSION_COOKIE|SESSION_IDLE|SESSION_ABSOLUTE)_/

/** Names that other parts of this project read (the realm file and the scripts), not the gateway. */
const ELSEWHERE =
  /^CLOAKROOM_(CLIENT_SECRET|ADMIN_CLIENT_SECRET|PUBLIC_URL|BACKCHANNEL_URL|CACHE_DIR|TEST_\w+|BENCH_\w+)$/

/** Variables that look like ours but are not: unknown ones with our prefixes, and near misses of any setting. */
export function findTypos(env: NodeJS.ProcessEnv, known: readonly string[]): ConfigProblem[] {
  const names = new Set(known)
  const problems: ConfigProblem[] = []
  for (const name of Object.keys(env)) {
    if (names.has(name) || ELSEWHERE.test(name) || !/^[A-Z][A-Z0-9_]{3,}$/.test(name)) continue
    const nearest = nearestOf(name, known)
    const near = nearest.distance <= 2 && name.length > 5 && !env[nearest.name]
    if (!near && !OWN_PREFIX.test(name)) continue
    problems.push({
      where: name,
      what: `is not a setting. Did you mean ${nearest.name}? Correct the name or remove it.`,
    })
  }
  return problems
}

function nearestOf(name: string, known: readonly string[]): { name: string; distance: number } {
  let best = { name: known[0] ?? '', distance: Number.POSITIVE_INFINITY }
  for (const candidate of known) {
    const distance = editDistance(name, candidate)
    if (distance < best.distance) best = { name: candidate, distance }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
