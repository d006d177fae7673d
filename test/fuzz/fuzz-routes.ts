/** A route as the oracle knows it, told apart from the gateway's own reading of it. */
export interface FuzzRoute {
  id: string
  path: string
  auth: 'none' | ('session' | 'bearer')[]
  role?: string
  methods?: string[]
  token?: 'none'
  jar?: true
  strip?: true
  webSocket?: true
}

const BOTH: FuzzRoute['auth'] = ['session', 'bearer']

export const FUZZ_ROUTES: readonly FuzzRoute[] = [
  { id: 'orders', path: '/api/orders', auth: BOTH },
  { id: 'staff', path: '/api/staff', auth: BOTH, role: 'realm:admin' },
  { id: 'people', path: '/api/people', auth: ['session'], token: 'none' },
  { id: 'services', path: '/api/services', auth: ['bearer'], methods: ['GET', 'HEAD', 'POST'] },
  { id: 'public', path: '/api/public', auth: 'none' },
  { id: 'inner', path: '/api/public/admin', auth: BOTH, role: 'realm:admin' },
  { id: 'jar', path: '/api/jar', auth: BOTH, jar: true },
  { id: 'strip', path: '/s', auth: 'none', strip: true },
  { id: 'live', path: '/live', auth: BOTH, webSocket: true },
  { id: 'open', path: '/live/open', auth: 'none', webSocket: true },
]

/** The `routes:` of the gateway: each upstream has a base of its own, which tells the rule that let a request through. */
export function fuzzRoutes(origin: string): object[] {
  return FUZZ_ROUTES.map(({ id, path, auth, role, methods, token, jar, strip, webSocket }) => ({
    ...{ id, path, auth, upstream: `${origin}/of-${id}`, websocket: webSocket === true, stripPath: strip === true },
    ...(role === undefined ? {} : { require: { roles: [role] } }),
    ...(methods === undefined ? {} : { methods }),
    ...(token === undefined ? {} : { token }),
    ...(jar === undefined ? {} : { cookies: 'pass', setCookie: 'pass' }),
  }))
}

/** The rule for a path that means these segments: the longest one. */
export function routeOf(segments: readonly string[]): FuzzRoute | undefined {
  return FUZZ_ROUTES.filter(({ path }) => {
    const own = path.split('/').slice(1)
    return own.every((segment, i) => segment === segments[i])
  }).sort((a, b) => b.path.length - a.path.length)[0]
}
