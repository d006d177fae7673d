import { once } from 'node:events'
import { stringify } from 'yaml'
import { createGateway as createRealGateway } from '../../src/gateway.ts'
import { loadConfig } from '../../src/platform/config/load-config.ts'
import { type Browser, createBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { findRedis } from '../support/parts.ts'
import { startRedis } from '../support/redis-server.ts'
import { startScriptedProvider } from '../support/scripted-provider.ts'
import { type Person, the } from '../support/the.ts'
import { type Canaries, createCanaries } from './canaries.ts'
import { PEOPLE, type Who } from './fuzz-case.ts'
import { fuzzRoutes } from './fuzz-routes.ts'
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.ts'
import type { Meaning } from './write-request.ts'

export interface FuzzWorld {
  readonly port: number
  readonly origin: string
  readonly issuer: string
  readonly upstream: RecordingUpstream
  readonly people: Record<Who, Person>
  readonly meaning: Meaning
  /** The access token that stands behind somebody's cookie. */
  readonly sessionTokens: Record<Who, string>
  readonly canaries: Canaries
  /** What went wrong in the process since this was asked last. */
  takeCrashes(): string[]
  /** What was logged since this was asked last. */
  takeLog(): string
  /** Somebody's session may be over: they sign in again. */
  signInAgain(): Promise<void>
  newBrowser(): Browser
  stop(): Promise<void>
}

export interface FuzzWorldOptions {
  createGateway?: typeof createRealGateway
  /** Whether sessions live in a real Redis, where there is one. */
  redis?: boolean
}

const LIMITS = ['DEFAULT', 'LOGIN', 'MANAGEMENT', 'BACKCHANNEL', 'AUTH_FAILURES']
const SECRET = 'canary-session-secret-of-the-fuzzer-0123456789'

/** A whole gateway in this process between a scripted provider and an upstream that remembers, with two people signed in. */
export async function startFuzzWorld(options: FuzzWorldOptions = {}): Promise<FuzzWorld> {
  const { createGateway = createRealGateway, redis: wanted = false } = options
  const redis = wanted && findRedis(process.env) !== undefined ? await startRedis() : undefined
  const [upstream, provider, port] = await Promise.all([startRecordingUpstream(), startScriptedProvider(), freePort()])
  provider.script.expiresIn = 86_400
  const env = {
    ...{ ENV: 'dev', HOST: '127.0.0.1', PORT: String(port), GATEWAY_CONFIG: 'routes', LOG_LEVEL: 'debug' },
    ...{ JWT_AUDIENCE: 'orders-api', OIDC_SCOPES: the.scopes, ALLOWED_ORIGINS: 'https://spa.example' },
    ...{ SESSION_SECRET_KEY: SECRET, WEBSOCKET_MAX_MESSAGE: '65536', ...provider.env },
    ...Object.fromEntries(LIMITS.map((name) => [`RATE_LIMIT_${name}`, 'off'])),
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  }
  let log = ''
  const gateway = await createGateway(
    loadConfig(env, () => stringify({ routes: fuzzRoutes(upstream.origin) })),
    {
      writeLog(lines) {
        log += lines
      },
    },
  )
  gateway.server.listen(port, '127.0.0.1')
  await once(gateway.server, 'listening')

  const origin = `http://localhost:${port}`
  const people = { alice: the.alice(), bob: the.bob() }
  const nobody = { alice: '', bob: '' }
  const canaries = createCanaries([SECRET, the.clientSecret, 'canary-refresh-', 'canary-code-'])
  provider.script.idToken.text = (token) => {
    canaries.add(token)
    return token
  }
  const meaning: Meaning = { host: `localhost:${port}`, sessions: { ...nobody }, bearers: { ...nobody } }
  const sessionTokens = { ...nobody }
  const crashes = watchProcess()

  async function signIn(who: Who): Promise<void> {
    provider.script.person = people[who]
    provider.script.sid = `sso-of-${who}`
    const browser = createBrowser()
    await browser.open(`${origin}/login?returnTo=/health`)
    const cookie = browser.jar.of(origin).find(({ name }) => name === 'cloakroom')
    if (cookie === undefined) throw new Error(`${who} is not signed in`)
    upstream.take()
    await browser.fetch(`${origin}/api/orders?fz=sign-in`)
    const seen = upstream.take().at(-1)?.rawHeaders ?? []
    meaning.sessions[who] = cookie.value
    meaning.bearers[who] ||= provider.accessToken()
    sessionTokens[who] = (seen[seen.indexOf('Authorization') + 1] ?? '').replace(/^Bearer /, '')
    canaries.add(cookie.value, meaning.bearers[who], sessionTokens[who])
  }

  async function signInAgain(): Promise<void> {
    for (const who of PEOPLE) await signIn(who)
  }
  await signInAgain()

  return {
    ...{ port, origin, upstream, people, meaning, sessionTokens, canaries, signInAgain },
    issuer: provider.issuer,
    takeCrashes: crashes.take,
    takeLog() {
      const taken = log
      log = ''
      return taken
    },
    newBrowser: () => createBrowser(),
    async stop() {
      crashes.stop()
      gateway.beginStopping()
      const closed = once(gateway.server, 'close')
      gateway.server.close()
      gateway.server.closeAllConnections()
      await closed
      await gateway.release()
      await Promise.all([provider.stop(), upstream.stop(), redis?.stop()])
    },
  }
}

/** Collects what would have ended the process of a gateway. */
function watchProcess() {
  let seen: string[] = []
  const note = (error: unknown) =>
    void seen.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const former = events.map((event) => process.listeners(event as 'uncaughtException'))
  for (const event of events) process.removeAllListeners(event).on(event, note)
  return {
    take() {
      const taken = seen
      seen = []
      return taken
    },
    stop() {
      events.forEach((event, i) => {
        process.removeListener(event, note)
        for (const listener of former[i] ?? []) process.on(event, listener)
      })
    },
  }
}
