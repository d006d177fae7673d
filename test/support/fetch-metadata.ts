import { isTrustworthy, type RequestSite } from './cookie-jar.ts'

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

/** One request that a browser is about to make. */
export interface Step {
  method: string
  url: string
  /** The page that caused it; null when the person typed the address. */
  initiator: string | null
  /** Every address of this chain of redirects so far. */
  chain: string[]
  destination: 'document' | 'iframe' | 'image' | 'empty'
  mode: 'navigate' | 'no-cors' | 'cors' | 'same-origin'
  userActivated: boolean
  headers: Record<string, string>
  body: string | undefined
}

/** Scheme and registrable domain; ports do not make sites, and an address is a site of its own. */
export function siteOf(url: string): string {
  const { protocol, hostname } = new URL(url)
  const isAddress = /^[\d.]+$|^\[/.test(hostname)
  return `${protocol}//${isAddress ? hostname : hostname.split('.').slice(-2).join('.')}`
}

/** What the cookie rules ask about a request. */
export function siteOfRequest({ initiator, chain, url, mode, destination, method }: Step): RequestSite {
  const from = initiator === null ? chain : [initiator, ...chain]
  return {
    sameSite: from.every((earlier) => siteOf(earlier) === siteOf(url)),
    topLevelNavigation: mode === 'navigate' && destination === 'document',
    method,
  }
}

/** Fetch Metadata section 2.3: judged by the initiator against every address of the chain. */
function secFetchSite({ initiator, chain, url }: Step): string {
  if (initiator === null) return 'none'
  const all = [...chain, url]
  if (all.some((target) => siteOf(target) !== siteOf(initiator))) return 'cross-site'
  return all.every((target) => new URL(target).origin === new URL(initiator).origin) ? 'same-origin' : 'same-site'
}

/** The headers a browser adds by itself: Accept, Origin and Fetch Metadata. */
export function fetchHeaders(step: Step): Record<string, string> {
  const { initiator, mode, destination, method, userActivated, url, chain } = step
  const headers: Record<string, string> = { accept: mode === 'navigate' ? HTML : '*/*' }
  const crossOrigin = initiator !== null && new URL(initiator).origin !== new URL(url).origin
  const unsafe = method !== 'GET' && method !== 'HEAD'
  if (initiator !== null && (unsafe || (mode === 'cors' && crossOrigin))) {
    const left = chain.some((earlier) => new URL(earlier).origin !== new URL(initiator).origin)
    headers.origin = left ? 'null' : new URL(initiator).origin
  }
  if (!isTrustworthy(url)) return headers
  headers['sec-fetch-site'] = secFetchSite(step)
  headers['sec-fetch-mode'] = mode
  headers['sec-fetch-dest'] = destination
  if (mode === 'navigate' && userActivated) headers['sec-fetch-user'] = '?1'
  return headers
}
