import type { FuzzRequest, Who } from '../fuzz-case.ts'
import type { FuzzRoute } from '../fuzz-routes.ts'

/** Who a request may count as on a route; nobody at all where it must be refused. */
export interface Callers {
  session: Who[]
  bearer: Who[]
  nobody: boolean
}

/** Told from what was sent, by the rules of the design and not by those of the code. */
export function callersOf(request: FuzzRequest, { auth, webSocket }: FuzzRoute): Callers {
  if (auth === 'none') return { session: [], bearer: [], nobody: true }
  const { cookie, bearer, ugly } = request
  const callers: Callers = { session: [], bearer: [], nobody: false }
  const secretly = ugly.join('')
  if (bearer !== null) {
    const good = bearer.change.kind === 'as it is' && /^bearer *$/i.test(bearer.scheme) && !bearer.twice
    if (good && auth.includes('bearer')) callers.bearer.push(bearer.who)
    return callers
  }
  // Browsers bring a token among the subprotocols of a WebSocket; it is a bearer like any other.
  const said = (wanted: string) => request.fields.find(([name]) => name === wanted)?.[1]
  const offer = said('Sec-WebSocket-Protocol')
  const upgrades = webSocket === true && said('Upgrade')?.toLowerCase() === 'websocket'
  if (upgrades && said('Connection') !== undefined && /^bearer\./i.test(offer ?? '')) {
    if (offer === 'bearer.{bob}, chat') callers.bearer.push('bob')
    return callers
  }
  // Where the head itself is doubtful it may be read with or without such a line, but as nobody else.
  if (/authorization/i.test(secretly) && auth.includes('bearer')) callers.bearer.push('bob')
  if (/cookie/i.test(secretly) && auth.includes('session')) callers.session.push('bob')
  const good = cookie?.change.kind === 'as it is' && cookie.name.trim() === 'cloakroom' && !cookie.twice
  if (cookie !== null && good && auth.includes('session')) callers.session.push(cookie.who)
  return callers
}

/** Why a page of somebody else could have sent this request, or undefined: then a session may be used. */
export function forgery({ method, fields, ugly }: FuzzRequest): string | undefined {
  if (ugly.length > 0) return undefined
  const valuesOf = (wanted: string) =>
    fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value.trim())
  const origins = valuesOf('origin')
  const [site] = valuesOf('sec-fetch-site')
  const ours = origins.length > 0 && origins.every((origin) => ['{origin}', 'https://spa.example'].includes(origin))
  if (origins.length > 0 && !ours) return 'a foreign Origin'
  const safe = ['GET', 'HEAD', 'OPTIONS'].includes(method)
  if (!safe && !valuesOf('x-csrf').includes('1')) return 'no X-CSRF'
  if (!safe && site !== undefined && site !== 'same-origin' && !ours) return `Sec-Fetch-Site ${site}`
  const pageLoad = valuesOf('sec-fetch-mode')[0] === 'navigate' && valuesOf('sec-fetch-dest')[0] === 'document'
  if (safe && site === 'cross-site' && !ours && !pageLoad) return 'data for another site'
  return undefined
}
