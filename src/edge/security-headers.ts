import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

export interface SecurityHeaders {
  /** Name, value, name, value … for `writeHead`. */
  readonly flat: readonly string[]
  /** Lower-case names, so that an upstream's own are dropped. */
  readonly names: ReadonlySet<string>
  apply(res: ServerResponse): void
}

/**
 * What helmet would write on every answer, computed once at start: as a middleware it costs an eighth of the speed.
 * HSTS only where the public address is https (RFC 6797 section 7.2).
 */
export function createSecurityHeaders(publicUrl: string): SecurityHeaders {
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: publicUrl.startsWith('https:') && { maxAge: 31_536_000, includeSubDomains: true },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  })
  const pairs: [string, string][] = []
  const capture = {
    setHeader: (name: string, value: string) => void pairs.push([name, value]),
    removeHeader: () => undefined,
  } as unknown as ServerResponse
  middleware({} as IncomingMessage, capture, (error?: unknown) => {
    if (error !== undefined) throw error
  })
  return {
    flat: pairs.flat(),
    names: new Set(pairs.map(([name]) => name.toLowerCase())),
    apply(res) {
      for (const [name, value] of pairs) res.setHeader(name, value)
    },
  }
}
