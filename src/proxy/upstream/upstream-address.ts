import type { RouteConfig } from '../../platform/config/routes-schema.ts'

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
  const ownOrigin = originPattern(url)

  function back(path: string): string {
    const rest = base === '' ? path : path.startsWith(base) ? path.slice(base.length) : undefined
    if (rest === undefined || !/^([/?#]|$)/.test(rest)) return path
    const seen = (cut > 0 ? prefix : '') + rest
    return seen.startsWith('/') ? seen : `/${seen}`
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
      const own = ownOrigin.exec(location)?.[0]
      if (own !== undefined) {
        const rest = location.slice(own.length)
        return onThisHost(back(rest.startsWith('/') ? rest : `/${rest}`))
      }
      return mapped && location.startsWith('/') && !location.startsWith('//') ? onThisHost(back(location)) : location
    },
  }
}

/** How an upstream may write its own origin: in any case, without the scheme, with the port it need not name. */
function originPattern({ protocol, host, port }: URL): RegExp {
  const usualPort = port === '' ? `(:${protocol === 'https:' ? 443 : 80})?` : ''
  return new RegExp(`^(${protocol})?//${host.replace(/[.[\]]/g, '\\$&')}${usualPort}(?=[/?#]|$)`, 'i')
}

/** Browsers read `//`, `/\` and a slash behind a tab as the beginning of a host name. */
function onThisHost(path: string): string {
  return /^\/[\t\r\n/\\]/.test(path) ? `/.${path}` : path
}
