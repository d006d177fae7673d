/** A fault seeded into a file of the gateway, and how the fuzzer is to notice it. */
export interface Mutant {
  what: string
  file: string
  /** Stands in the file exactly once. */
  from: string
  to: string
  property: 'conversations' | 'own-endpoints' | 'handshakes' | 'sign-ins'
  noticed: RegExp
}

export const MUTANTS: readonly Mutant[] = [
  {
    what: "identity headers of the client's own pass",
    file: 'src/proxy/headers/header-rules.ts',
    from: 'return RESERVED.has(folded) ||',
    to: 'return false && RESERVED.has(folded) ||',
    property: 'conversations',
    noticed: /is not the client's to say/,
  },
  {
    what: 'fields that Connection nominates pass',
    file: 'src/proxy/headers/request-headers.ts',
    from: 'if (nominated.size > 0 && nominated.has(name.toLowerCase())) continue',
    to: '',
    property: 'conversations',
    noticed: /is between neighbours/,
  },
  {
    what: 'the client nominates fields of the gateway away',
    file: 'src/proxy/headers/request-headers.ts',
    from: 'headers.push(...identityHeaders(identity))',
    to: "headers.push(...identityHeaders(identity).filter((_, i, all) => !nominated.has((all[i - (i % 2)] ?? '').toLowerCase())))",
    property: 'conversations',
    noticed: /not told as who sent it/,
  },
  {
    what: 'dot segments pass',
    file: 'src/edge/request-target.ts',
    from: "refuse('the path has a dot segment')",
    to: 'return raw',
    property: 'conversations',
    noticed: /reads another path/,
  },
  {
    what: 'roles are not looked at',
    file: 'src/proxy/proxied-route.ts',
    from: 'policy(identity)',
    to: 'void policy',
    property: 'conversations',
    noticed: /without the role/,
  },
  {
    what: 'cookies go upstream',
    file: 'src/proxy/headers/request-headers.ts',
    from: "lower === 'cookie' ? 'cookie' : 'keep'",
    to: "'keep'",
    property: 'conversations',
    noticed: /cookie went upstream|a secret went upstream/,
  },
  {
    what: 'no proof against forgery is asked for',
    file: 'src/proxy/proxied-route.ts',
    from: 'checkCsrf(req)',
    to: 'void checkCsrf',
    property: 'conversations',
    noticed: /a forged request used a session/,
  },
  {
    what: 'a token is known by its signature alone',
    file: 'src/identity/bearer/verify-access-token.ts',
    from: 'known.identity.accessToken === token && ',
    to: '',
    property: 'conversations',
    noticed: /without a good credential/,
  },
  {
    what: 'an error nobody catches',
    file: 'src/edge/arrive.ts',
    from: 'const startedAt = performance.now()',
    to: "const startedAt = performance.now()\n    if (req.headers.range !== undefined) setImmediate(() => { throw new Error('seeded') })",
    property: 'conversations',
    noticed: /nobody caught Error: seeded/,
  },
  {
    what: 'an answer of 500',
    file: 'src/edge/request-target.ts',
    from: "return refuse('the path is not valid UTF-8')",
    to: "throw new TypeError('seeded')",
    property: 'conversations',
    noticed: /a 500 of the gateway's own making/,
  },
  {
    what: 'refusals tell the credential',
    file: 'src/platform/observability/error-handler.ts',
    from: "res.setHeader('Cache-Control', 'no-store')",
    to: "res.setHeader('Cache-Control', 'no-store')\n    res.setHeader('X-Debug', encodeURI(req.headers.authorization ?? ''))",
    property: 'conversations',
    noticed: /a secret was answered/,
  },
  {
    what: 'the answer to one request is taken for that to another',
    file: 'src/edge/parser-errors.ts',
    from: 'if (pending?.req.complete && !pending.headersSent) {',
    to: 'if (pending === null) {',
    property: 'conversations',
    noticed: /of the parser to a clear request/,
  },
  {
    what: 'every origin may read',
    file: 'src/edge/cors.ts',
    from: 'if (origin === undefined || !foreign.has(origin)) return',
    to: 'if (origin === undefined) return',
    property: 'own-endpoints',
    noticed: /readable for/,
  },
  {
    what: 'foreign pages open WebSockets',
    file: 'src/proxy/web-sockets/socket-origin.ts',
    from: "if (!isAllowedOrigin(origin)) refuse('a foreign Origin')",
    to: '',
    property: 'handshakes',
    noticed: /a WebSocket of no page of ours/,
  },
  {
    what: 'the way back leads elsewhere',
    file: 'src/login/return-path.ts',
    from: "if (typeof value !== 'string' || value.length > MAX_LENGTH || !VISIBLE_ASCII.test(value)) return '/'",
    to: "if (typeof value !== 'string') return '/'\n  if (value !== '/') return value",
    property: 'sign-ins',
    noticed: /^on to /,
  },
  {
    what: 'the session cookie is open to scripts',
    file: 'src/login/session-middleware.ts',
    from: 'httpOnly: true',
    to: 'httpOnly: false',
    property: 'sign-ins',
    noticed: /a cookie without httponly/,
  },
]
