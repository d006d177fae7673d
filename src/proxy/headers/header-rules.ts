/** Hop-by-hop fields (RFC 9110 section 7.6.1) and what only makes sense between two neighbours. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
])

/** Names the gateway alone may speak to an upstream, by their folded form. */
const RESERVED_PREFIX =
  /^(x-client-cert|(x-(user|tenant|forwarded|remote|auth|authenticated|original|rewrite|ssl|roles?|scopes?|groups?)|remote|ssl-client)(-|$))/
const RESERVED = new Set([
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'client-cert',
  'client-cert-chain',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-request-id',
  'traceparent',
])

/** What an upstream may not say through us: other hops' business, our origin's policies, and who it is. */
const DROPPED_ANSWERS = new Set([
  'server',
  'strict-transport-security',
  'x-powered-by',
  'x-aspnet-version',
  'x-aspnetmvc-version',
  'public-key-pins',
  'public-key-pins-report-only',
  'clear-site-data',
  'service-worker-allowed',
  'alt-svc',
  'nel',
  'report-to',
  'x-request-id',
])

/** Lower case, with `_` and `.` read as `-`: CGI-like servers make one variable of them all. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[_.]/g, '-')
}

export function isHopByHop(lowerName: string): boolean {
  return HOP_BY_HOP.has(lowerName)
}

export function isReserved(name: string): boolean {
  const folded = foldName(name)
  return RESERVED.has(folded) || RESERVED_PREFIX.test(folded) || isFramingInDisguise(name, folded)
}

/** `Transfer_Encoding` and the like: a server that folds names would read the length of a body from it. */
function isFramingInDisguise(name: string, folded: string): boolean {
  return folded !== name.toLowerCase() && (HOP_BY_HOP.has(folded) || folded === 'content-length')
}

/**
 * Fields of a WebSocket's handshake, one of which may carry a token. The gateway makes its own towards an upstream, and an
 * ordinary request has no use for them.
 */
export function isOfHandshake(name: string): boolean {
  return foldName(name).startsWith('sec-websocket-')
}

export function isDroppedFromAnswers(lowerName: string): boolean {
  return DROPPED_ANSWERS.has(lowerName) || lowerName.startsWith('access-control-')
}

const NOTHING_NOMINATED: ReadonlySet<string> = new Set()

/** The names that a `Connection` field nominates as hop-by-hop, in lower case. */
export function nominatedBy(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return NOTHING_NOMINATED
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}

/** Whether a cookie of this name is the gateway's own, in any disguise. */
export function isOwnCookie(name: string): boolean {
  return /^(__host-|__secure-)*cloakroom/i.test(name.replace(/[\s"]/g, ''))
}

/** Whether an upstream may set this cookie: not one of ours, and not one without a name, which comes back as if it had one. */
export function maySetCookie(setCookie: string): boolean {
  const name = setCookie.split(';', 1)[0]?.split('=', 1)[0] ?? ''
  return name.trim() !== '' && !isOwnCookie(name)
}
