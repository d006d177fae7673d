import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../identity/identity.ts'
import type { RouteConfig } from '../../platform/config/routes-schema.ts'
import type { RequestContext } from '../../platform/observability/request-context.ts'
import { isHopByHop, isOfHandshake, isOwnCookie, isReserved, nominatedBy } from './header-rules.ts'
import { identityHeaders } from './identity-headers.ts'

export interface RequestHeadersParts {
  route: Pick<RouteConfig, 'token' | 'cookies'>
  upstreamHost: string
  publicUrl: string
}

type Verdict = 'keep' | 'drop' | 'cookie'

const MAX_REMEMBERED = 1_000

/**
 * Builds the headers an upstream gets as a flat list, from nothing: what a client may say is copied, what only the gateway
 * may say is added last, so nothing a client sends can remove or double it.
 */
export function createRequestHeaders({ route, upstreamHost, publicUrl }: RequestHeadersParts) {
  const { host, protocol } = new URL(publicUrl)
  const forwarded = ['X-Forwarded-Host', host, 'X-Forwarded-Proto', protocol.slice(0, -1)]
  const passCookies = route.cookies === 'pass'
  const relay = route.token === 'relay'
  const verdictOn = createVerdicts()

  return function requestHeaders(
    req: IncomingMessage,
    context: RequestContext,
    identity: Identity | undefined,
  ): string[] {
    const { rawHeaders } = req
    const nominated = nominatedBy(req.headers.connection)
    const headers = ['Host', upstreamHost]
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] ?? ''
      const value = rawHeaders[i + 1] ?? ''
      const verdict = verdictOn(name)
      if (verdict === 'drop') continue
      if (nominated.size > 0 && nominated.has(name.toLowerCase())) continue
      if (verdict === 'keep') headers.push(name, value)
      else if (passCookies) {
        const cookies = foreignCookies(value)
        if (cookies !== '') headers.push(name, cookies)
      }
    }
    if (identity !== undefined) {
      if (relay) headers.push('Authorization', `Bearer ${identity.accessToken}`)
      headers.push(...identityHeaders(identity))
    }
    headers.push(
      'X-Request-Id',
      context.requestId,
      'traceparent',
      context.traceparent,
      'X-Forwarded-For',
      context.clientAddress,
      ...forwarded,
    )
    return headers
  }
}

function createVerdicts(): (name: string) => Verdict {
  const verdicts = new Map<string, Verdict>()
  return function verdictOn(name) {
    const known = verdicts.get(name)
    if (known !== undefined) return known
    const lower = name.toLowerCase()
    const drop =
      lower === 'host' || lower === 'authorization' || isHopByHop(lower) || isReserved(name) || isOfHandshake(name)
    const verdict = drop ? 'drop' : lower === 'cookie' ? 'cookie' : 'keep'
    // Names come from strangers, so the memory of them is bounded.
    if (verdicts.size >= MAX_REMEMBERED) verdicts.clear()
    verdicts.set(name, verdict)
    return verdict
  }
}

function foreignCookies(header: string): string {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !isOwnCookie(pair.split('=')[0] ?? '') && !pair.startsWith('='))
    .join('; ')
}
