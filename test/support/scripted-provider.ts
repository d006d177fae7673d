import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JWK } from 'jose'
import { freePort } from './free-port.ts'
import { newSigningKey, type SigningKey } from './jwt-forge.ts'
import { createEndpoints } from './provider-endpoints.ts'
import { authenticateClient, close, listen, readCall, send } from './provider-http.ts'
import { createProviderPlans, type Hold } from './provider-plans.ts'
import {
  type Call,
  type Endpoint,
  goodScript,
  goodToken,
  type ProviderScript,
  type Reply,
  type TokenScript,
} from './provider-script.ts'
import type { ProviderState } from './provider-state.ts'
import { mintAccessToken } from './provider-tokens.ts'
import { the } from './the.ts'

export interface ScriptedProvider {
  readonly issuer: string
  /** What a gateway needs to be told to use it. */
  readonly env: Record<string, string>
  readonly script: ProviderScript
  /** Every call, oldest first. */
  readonly journal: Call[]
  /** The calls of one endpoint whose form or query has these values. */
  calls(endpoint: Endpoint, values?: Record<string, string>): Call[]
  key(): SigningKey
  /** New signing key; the old one stays published only when asked. Other options make odd key sets. */
  rotateKeys(options?: { alg?: string; keepOld?: boolean; kid?: string }): Promise<SigningKey>
  /** Answers like this instead, `times` times or until reset. */
  reply(endpoint: Endpoint, reply: Reply, times?: number): void
  /** Keeps every call of an endpoint waiting until released. */
  hold(endpoint: Endpoint): Hold
  /** Ends the SSO session: its refresh tokens are over. */
  endSession(sid: string): void
  /** Forgets that any of them ended: a provider whose nodes do not agree. */
  revive(): void
  /** An access token as a service would bring it. */
  accessToken(script?: Partial<TokenScript>): string
  reset(): void
  /** Nobody listens any more, then again on the same port. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  stop(): Promise<void>
}

export interface ProviderOptions {
  /** `/realms/demo` makes it look like Keycloak; `/` gives an issuer that ends in a slash. */
  path?: string
  clock?: { now(): number }
  /** The public key of a client that proves itself by `private_key_jwt`. */
  clientKey?: JWK
}

const PATHS: Record<string, Endpoint> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'jwks',
  '/authorize': 'authorize',
  '/par': 'par',
  '/token': 'token',
  '/userinfo': 'userinfo',
  '/introspect': 'introspect',
  '/revoke': 'revoke',
  '/end-session': 'end-session',
}

/** A real OpenID provider on 127.0.0.1 whose every answer a test can script, with a journal of what was asked. */
export async function startScriptedProvider(options: ProviderOptions = {}): Promise<ScriptedProvider> {
  const { path = '/realms/demo', clock = { now: Date.now }, clientKey } = options
  const server = createServer((req, res) => void serve(req, res))
  await listen(server, await freePort())
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}${path}`
  const prefix = path.replace(/\/$/, '')
  const script = goodScript()
  const keys = [await newSigningKey('RS256', 'first')]
  const journal: Call[] = []
  const plans = createProviderPlans()
  const state: ProviderState = {
    issuer,
    script,
    keys,
    now: () => clock.now(),
    authenticateClient: (call) => authenticateClient(call, issuer, clientKey),
    grants: [],
    codes: new Map(),
    accessTokens: new Map(),
    pushed: new Map(),
  }
  const endpoints = createEndpoints(state)

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '', issuer)
    const endpoint = url.pathname.startsWith(`${prefix}/`) ? PATHS[url.pathname.slice(prefix.length)] : undefined
    if (endpoint === undefined) return void res.writeHead(404).end()
    const call = await readCall(req, url, endpoint)
    journal.push(call)
    const reply = await plans.next(call)
    if (reply === undefined) return send(res, await endpoints[endpoint](call))
    if (reply === 'hang-up') return void res.destroy()
    const { status = 200, headers = {}, body = '' } = reply
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const type = typeof body === 'string' ? 'text/html' : 'application/json'
    send(res, { status, headers: { 'content-type': type, ...headers }, body: text })
  }

  const key = (): SigningKey => {
    const [first] = keys
    if (first === undefined) throw new Error('the provider has no key')
    return first
  }

  return {
    issuer,
    env: envFor(issuer, path),
    script,
    journal,
    calls: (endpoint, values = {}) =>
      journal.filter(
        (call) =>
          call.endpoint === endpoint &&
          Object.entries(values).every(([name, value]) => (call.form.get(name) ?? call.query.get(name)) === value),
      ),
    key,
    async rotateKeys({ alg = 'RS256', keepOld = false, kid } = {}) {
      const fresh = await newSigningKey(alg, kid)
      keys.splice(0, keys.length, fresh, ...(keepOld ? keys : []))
      return fresh
    },
    reply: plans.reply,
    hold: plans.hold,
    endSession(sid) {
      for (const grant of state.grants) if (grant.sid === sid) grant.over = true
    },
    revive() {
      for (const grant of state.grants) grant.over = false
    },
    accessToken(changes = {}) {
      const scripted = { ...goodScript(), accessToken: { ...goodToken(), ...changes }, person: script.person }
      const now = Math.floor(clock.now() / 1000)
      const { person, sid, acr, scope } = scripted
      const grant = { person, sid, acr, scope, clientId: 'a-service', authTime: now, nonce: undefined, over: false }
      return mintAccessToken({ issuer, key: key(), script: scripted, now }, { ...grant, refreshTokens: new Map() })
    },
    reset() {
      Object.assign(script, goodScript())
      plans.clear()
      journal.length = 0
    },
    goAway: () => close(server),
    comeBack: () => listen(server, port),
    async stop() {
      plans.clear()
      if (server.listening) await close(server)
    },
  }
}

function envFor(issuer: string, path: string): Record<string, string> {
  const client = { KEYCLOAK_CLIENT_ID: the.clientId, KEYCLOAK_CLIENT_SECRET: the.clientSecret }
  const realm = /^\/realms\/([^/]+)$/.exec(path)?.[1]
  if (realm !== undefined) return { ...client, KEYCLOAK_SERVER_URL: new URL(issuer).origin, KEYCLOAK_REALM: realm }
  return { ...client, KEYCLOAK_SERVER_URL: '', KEYCLOAK_REALM: '', OIDC_ISSUER: issuer }
}
