import type { RouteConfig } from '../platform/config/routes-schema.ts'

export interface UpstreamAddress {
  readonly origin: string
  /** What the upstream is called in `Host`. */
  readonly host: string
  /** The path at the upstream for a canonical path and query of ours; the bytes stay as they are. */
  pathFor(path: string, query: string): string
  /** A `Location` of the upstream as the browser has to see it; addresses elsewhere stay as they are. */
  locationFor(location: string): string
}

/** Maps a route's paths to its upstream and back. */
export function createUpstreamAddress({
  upstream,
  path: prefix,
  stripPath,
}: Pick<RouteConfig, 'upstream' | 'path' | 'stripPath'>): UpstreamAddress {
  const url = new URL(upstream)
  const base = url.pathname === '/' ? '' : url.pathname
  const cut = stripPath && prefix !== '/' ? prefix.length : 0
  const mapped = base !== '' || cut > 0

  function back(path: string): string {
    if (base !== '' && path !== base && !path.startsWith(`${base}/`)) return path
    const rest = path.slice(base.length)
    return (cut > 0 ? prefix : '') + rest || '/'
  }

  return {
    origin: url.origin,
    host: url.host,
    pathFor(path, query) {
      if (!mapped) return path + query
      const rest = base + path.slice(cut)
      return (rest.startsWith('/') ? rest : `/${rest}`) + query
    },
    locationFor(location) {
      if (location.startsWith(`${url.origin}/`) || location === url.origin)
        return back(location.slice(url.origin.length) || '/')
      return mapped && location.startsWith('/') && !location.startsWith('//') ? back(location) : location
    },
  }
}
