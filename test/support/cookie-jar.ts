/** One cookie as a browser keeps it (RFC 6265bis section 5.6). */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly host: string
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: 'strict' | 'lax' | 'none'
  /** Milliseconds since the epoch, or null for a cookie of the browser session. */
  readonly expiresAt: number | null
  readonly order: number
}

/** What SameSite asks about a request. */
export interface RequestSite {
  /** Whether the request and everything that led to it stay on the target's site. */
  sameSite: boolean
  /** A page being opened in a tab. */
  topLevelNavigation: boolean
  method: string
}

export interface CookieJar {
  /** The `Cookie` header for a request, or undefined. */
  header(url: string, site: RequestSite): string | undefined
  /** Keeps what a `Set-Cookie` says, or refuses it as a browser would; answers whether it was kept. */
  store(url: string, setCookie: string, site: RequestSite): boolean
  /** Every living cookie of a host, whatever its port. */
  of(url: string): Cookie[]
  clear(): void
}

/** A cookie jar with the rules that matter here: host and path, prefixes, Secure on loopback, SameSite. Ports do not part cookies. */
export function createCookieJar(now: () => number = Date.now): CookieJar {
  let cookies: Cookie[] = []
  let order = 0
  const alive = () => {
    cookies = cookies.filter(({ expiresAt }) => expiresAt === null || expiresAt > now())
    return cookies
  }

  return {
    header(url, site) {
      const { hostname, pathname } = new URL(url)
      const sent = alive()
        .filter(({ host, path }) => host === hostname && pathMatches(pathname, path))
        .filter(({ secure }) => !secure || isTrustworthy(url))
        .filter((cookie) => maySend(cookie, site))
        .sort((a, b) => b.path.length - a.path.length || a.order - b.order)
      return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ')
    },
    store(url, setCookie, site) {
      const cookie = parse(setCookie, url, now(), order++)
      if (cookie === undefined) return false
      // A frame or a picture from another site may not leave Strict or Lax cookies behind.
      if (!site.sameSite && !site.topLevelNavigation && cookie.sameSite !== 'none') return false
      const same = ({ name, host, path }: Cookie) =>
        name === cookie.name && host === cookie.host && path === cookie.path
      const former = cookies.find(same)
      cookies = cookies.filter((other) => !same(other))
      if (cookie.expiresAt === null || cookie.expiresAt > now())
        cookies.push({ ...cookie, order: former?.order ?? cookie.order })
      return true
    },
    of: (url) => alive().filter(({ host }) => host === new URL(url).hostname),
    clear() {
      cookies = []
    },
  }
}

/** Where a browser accepts Secure cookies: https, and loopback addresses. */
export function isTrustworthy(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
}

function maySend({ sameSite }: Cookie, site: RequestSite): boolean {
  if (site.sameSite || sameSite === 'none') return true
  return sameSite === 'lax' && site.topLevelNavigation && (site.method === 'GET' || site.method === 'HEAD')
}

function pathMatches(pathname: string, path: string): boolean {
  return pathname === path || (pathname.startsWith(path) && (path.endsWith('/') || pathname[path.length] === '/'))
}

function parse(text: string, url: string, now: number, order: number): Cookie | undefined {
  const [pair = '', ...rest] = text.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, Math.max(0, at)).trim()
  const value = pair.slice(at + 1).trim()
  const attributes = new Map(
    rest.map((part) => {
      const [key = '', ...words] = part.split('=')
      return [key.trim().toLowerCase(), words.join('=').trim()] as const
    }),
  )
  const { hostname, pathname } = new URL(url)
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase()
  const secure = attributes.has('secure')
  const given = attributes.get('path')
  const path = given?.startsWith('/') ? given : pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')))
  const sameSite = attributes.get('samesite')?.toLowerCase()
  if (domain !== undefined && domain !== '' && domain !== hostname) return undefined
  if (secure && !isTrustworthy(url)) return undefined
  if (sameSite === 'none' && !secure) return undefined
  if (/^__secure-/i.test(name) && !secure) return undefined
  if (/^__host-/i.test(name) && (!secure || given !== '/' || domain !== undefined)) return undefined
  return {
    name,
    value,
    host: hostname,
    path,
    secure,
    httpOnly: attributes.has('httponly'),
    sameSite: sameSite === 'strict' || sameSite === 'none' ? sameSite : 'lax',
    expiresAt: expiry(attributes, now),
    order,
  }
}

function expiry(attributes: Map<string, string>, now: number): number | null {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0 ? 0 : now + Number(maxAge) * 1000
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? null : expires
}
