/** What a table of hostile cases is about, and the test files that hold it; a case is a test of its own. */
const TABLES: readonly (readonly [name: string, files: RegExp])[] = [
  ['paths', /^test\/(security\/path-vectors|edge\/request-target|proxy\/(route-table|upstream-address))\./],
  [
    'headers',
    /^test\/(security\/(look-alike-headers|every-answer)|proxy\/(header-rules|identity-headers|response-headers|trusted-hop)|edge\/(client-address|request-id|host-check))\./,
  ],
  [
    'framing',
    /^test\/(security\/(smuggling|hostile-bytes)|edge\/(parser-errors|request-line|expectation|slow-clients)|proxy\/odd-answers)\./,
  ],
  ['WebSockets and streams', /^test\/proxy\/(websocket-[\w-]+|live-[\w-]+|long-polls)\./],
  ['redirects', /^test\/login\/return-path\./],
  ['CSRF and CORS', /^test\/(security\/forgery|edge\/(csrf|cors)|login\/logout-csrf|access\/ask-to-sign-in)\./],
  [
    'cookies and sessions',
    /^test\/(identity\/session\/session-cookie|login\/(open-session|pending-logins|cookie-modes))\./,
  ],
  ['sign-in', /^test\/(login\/(callback-failures|start-login|provider-[\w-]+)|conformance\/[\w-]+)\./],
  [
    'ID and logout tokens',
    /^test\/(platform\/oidc\/verify-id-token|login\/backchannel-[\w-]+|identity\/session\/refresh-untrusted)\./,
  ],
  ['bearer tokens', /^test\/identity\/bearer\//],
  ['keys', /^test\/platform\/oidc\/(key-[\w-]+|discovery)\./],
  [
    'own endpoints',
    /^test\/(platform\/http\/(json-body|duplicate-member|read-input)|operations\/[\w-]+|service-tokens\/[\w-]+)\./,
  ],
  ['seeded faults that the fuzzer finds', /^test\/fuzz\/mutants\./],
]

/** How many cases of each table passed, in a line; without those of which none ran. */
export function caseCounts(byFile: Readonly<Record<string, number>>): string {
  const counts = TABLES.map(([name, files]) => {
    const sum = Object.entries(byFile).reduce((total, [file, passed]) => total + (files.test(file) ? passed : 0), 0)
    return [name, sum] as const
  })
  return counts
    .filter(([, sum]) => sum > 0)
    .map(([name, sum]) => `${name} ${sum}`)
    .join(', ')
}
