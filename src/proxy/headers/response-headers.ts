import type { RouteConfig } from '../../platform/config/routes-schema.ts'
import { isDroppedFromAnswers, isHopByHop, maySetCookie, nominatedBy } from './header-rules.ts'

export interface ResponseHeadersParts {
  route: Pick<RouteConfig, 'auth' | 'setCookie'>
  /** Flat name-value list, the same on every answer. */
  securityHeaders: readonly string[]
  /** Their names in lower case. */
  securityNames: ReadonlySet<string>
  locationFor: (location: string) => string
}

/** What the gateway adds to one answer. */
export interface AnswerExtras {
  requestId: string
  /** `RateLimit-Policy`, `RateLimit` and the like, flat. */
  more: readonly string[]
  /** Whether `Vary: Origin` has to be among the answer's. */
  varyOrigin: boolean
  /** The request's body was not read to its end: the connection cannot be used again. */
  close: boolean
}

const POLICY_BESIDE_THEIRS = "frame-ancestors 'none'"
const POLICY = "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"

/**
 * Builds the headers of a proxied answer as a flat list: hop-by-hop, cookies, CORS and framing fields of the upstream are
 * dropped, security headers are ours, and answers to signed-in callers are never stored by accident (RFC 9111 section 3).
 */
export function createResponseHeaders({ route, securityHeaders, securityNames, locationFor }: ResponseHeadersParts) {
  const authenticated = route.auth !== 'none'
  // An upstream's own policy for its pages may stand beside ours; browsers apply both.
  const ours = withoutPolicy(securityHeaders)

  const verdictOn = createVerdicts(securityNames)

  return function responseHeaders(raw: readonly string[], extras: AnswerExtras): string[] {
    const nominated = nominatedBy(fieldOf(raw, 'connection'))
    const headers = [...ours, 'X-Request-Id', extras.requestId, ...extras.more]
    let cacheControl = false
    let policy = false
    for (let i = 0; i < raw.length; i += 2) {
      const name = raw[i] ?? ''
      const verdict = verdictOn(name)
      if (verdict === 'drop' || (nominated.size > 0 && nominated.has(name.toLowerCase()))) continue
      let value = raw[i + 1] ?? ''
      if (verdict === 'policy') policy = true
      else if (verdict === 'set-cookie') {
        if (route.setCookie !== 'pass' || !maySetCookie(value)) continue
      } else if (verdict === 'location') value = locationFor(value)
      else if (verdict === 'vary' && extras.varyOrigin) continue
      else if (verdict === 'cache-control' && authenticated) {
        // An empty field says nothing, which caches take for permission.
        if (value.trim() === '') continue
        cacheControl = true
        value = value.replace(/\bpublic\b/gi, 'private')
      }
      headers.push(name, value)
    }
    if (authenticated && !cacheControl) headers.push('Cache-Control', 'no-store')
    headers.push('Content-Security-Policy', policy ? POLICY_BESIDE_THEIRS : POLICY)
    if (extras.varyOrigin) headers.push('Vary', [fieldOf(raw, 'vary'), 'Origin'].filter(Boolean).join(', '))
    if (extras.close) headers.push('Connection', 'close')
    return headers
  }
}

type Verdict = 'keep' | 'drop' | 'policy' | 'set-cookie' | 'location' | 'vary' | 'cache-control'

const MAX_REMEMBERED = 1_000
const LOOKED_AT = new Set<string>(['set-cookie', 'location', 'vary', 'cache-control'] satisfies Verdict[])

/** What becomes of a field, by its name as the upstream spells it; remembered, because the same names come again and again. */
function createVerdicts(securityNames: ReadonlySet<string>): (name: string) => Verdict {
  const verdicts = new Map<string, Verdict>()
  return function verdictOn(name) {
    const known = verdicts.get(name)
    if (known !== undefined) return known
    const verdict = judge(name.toLowerCase(), securityNames)
    if (verdicts.size >= MAX_REMEMBERED) verdicts.clear()
    verdicts.set(name, verdict)
    return verdict
  }
}

function judge(lower: string, securityNames: ReadonlySet<string>): Verdict {
  if (isHopByHop(lower) || isDroppedFromAnswers(lower)) return 'drop'
  if (lower === 'content-security-policy') return 'policy'
  if (securityNames.has(lower)) return 'drop'
  return LOOKED_AT.has(lower) ? (lower as Verdict) : 'keep'
}

function withoutPolicy(flat: readonly string[]): string[] {
  return flat.filter((_, i) => flat[i - (i % 2)]?.toLowerCase() !== 'content-security-policy')
}

function fieldOf(raw: readonly string[], wanted: string): string | undefined {
  const values: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    if (name.length === wanted.length && name.toLowerCase() === wanted) values.push(raw[i + 1] ?? '')
  }
  return values.length === 0 ? undefined : values.join(', ')
}
