import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import type { ProviderConfig } from '../../../src/platform/config/config.ts'
import { createGuardedFetch, type Fetch } from '../../../src/platform/http/guarded-fetch.ts'
import { createResilience } from '../../../src/platform/http/resilience.ts'
import { testClock } from '../../support/test-clock.ts'

/** An identity provider in this process that answers whatever a test tells it to. */
export interface FakeIssuer {
  readonly issuer: string
  readonly jwksUri: string
  /** The keys it publishes. */
  keys: (JWK | object)[]
  /** Members that replace those of its metadata. */
  metadata: Record<string, unknown>
  /** Answers one path in another way, until `heal`. */
  on(path: string, listener: RequestListener): void
  heal(): void
  /** How often a path was asked for. */
  asked(path: string): number
  close(): Promise<void>
}

export const paths = {
  discovery: '/realms/demo/.well-known/openid-configuration',
  keys: '/realms/demo/certs',
  token: '/realms/demo/token',
} as const

export async function startIssuer(): Promise<FakeIssuer> {
  const counts = new Map<string, number>()
  const special = new Map<string, RequestListener>()
  const server = createServer((req, res) => {
    const path = pathOf(req)
    counts.set(path, (counts.get(path) ?? 0) + 1)
    const listener = special.get(path)
    if (listener !== undefined) return listener(req, res)
    const body = path === paths.discovery ? metadata() : path === paths.keys ? { keys: fake.keys } : undefined
    res
      .writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(body ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/demo`
  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/certs`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...fake.metadata,
  })
  const fake: FakeIssuer = {
    issuer,
    jwksUri: `${issuer}/certs`,
    keys: [],
    metadata: {},
    on: (path, listener) => void special.set(path, listener),
    heal: () => special.clear(),
    asked: (path) => counts.get(path) ?? 0,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return fake
}

/** A fetch with a guard of its own, as the gateway has one for each kind of call. */
export function guardedFetch(timeoutMs = 5_000): Fetch {
  const guard = createResilience({ clock: testClock(), onState: () => undefined, outboundTimer: () => () => undefined })
  return createGuardedFetch({ guard: guard({ target: 'provider', timeoutMs }), maxBytes: 100_000 })
}

export function providerOf(issuer: string, changes: Partial<ProviderConfig> = {}): ProviderConfig {
  return {
    issuer,
    rewrite: undefined,
    keycloak: undefined,
    clientId: 'cloakroom',
    clientSecret: 'the-secret-of-these-tests',
    clientAuth: 'client_secret_basic',
    clientKey: undefined,
    scopes: 'openid',
    idTokenAlg: 'RS256',
    userinfo: 'off',
    par: 'auto',
    postLogoutPath: '/',
    allowHttp: true,
    ...changes,
  }
}

/** Ways to answer that are no answer. */
export const FAILURES: Record<string, RequestListener> = {
  'a 500': (_req, res) => void res.writeHead(500).end('{"keys":[]}'),
  'a 503': (_req, res) => void res.writeHead(503, { 'retry-after': '9' }).end(),
  'a 404': (_req, res) => void res.writeHead(404).end('{}'),
  'a redirect': (_req, res) => void res.writeHead(302, { location: '/elsewhere' }).end(),
  'an HTML page with 200': (_req, res) =>
    void res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
  'an empty answer': (_req, res) => void res.writeHead(200).end(),
  'half an answer': (_req, res) => {
    res.writeHead(200, { 'content-length': 500 })
    res.write('{"keys":', () => res.destroy())
  },
  'a dropped connection': (req) => void req.socket.destroy(),
  'an answer without end': (_req, res) => void res.writeHead(200).end('x'.repeat(500_000)),
  silence: () => undefined,
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? ''
}
