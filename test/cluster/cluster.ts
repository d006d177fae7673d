import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { createBrowser } from '../support/browser.ts'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { freePort } from '../support/free-port.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type ScriptedProvider, startScriptedProvider } from '../support/scripted-provider.ts'
import { the } from '../support/the.ts'
import { type Instance, startInstance } from './instance.ts'

/** Real gateway processes with one public address, one Redis, one scripted provider and one API. */
export interface Cluster {
  readonly instances: readonly Instance[]
  readonly provider: ScriptedProvider
  readonly api: EchoUpstream
  readonly redis: RedisServer
  /** Where browsers think they are; the first instance really is there. */
  readonly publicUrl: string
  /** The sealing keys and everything else that the instances share. */
  readonly env: Readonly<Record<string, string>>
  /** Signs somebody in and answers the value of the session cookie. */
  signIn(): Promise<string>
  /** Signs in, makes every instance remember the session, and waits until the access token has expired. */
  signInAndExpire(): Promise<string>
  /** Asks all instances in turn, so many calls at once. */
  callAll(ticket: string, calls: number): Promise<number[]>
  /** What the provider was asked for a refresh with. */
  refreshes(): (string | null)[]
  /** Another instance, or the same one again after a kill. */
  start(changes?: Record<string, string>): Promise<Instance>
  stop(): Promise<void>
}

const TOKEN_LIFE_SECONDS = 1
const UNLIMITED = ['DEFAULT', 'LOGIN', 'BACKCHANNEL', 'MANAGEMENT', 'AUTH_FAILURES'].map((name) => [
  `RATE_LIMIT_${name}`,
  'off',
])

export async function startCluster(size: number, changes: Record<string, string> = {}): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-cluster-'))
  const [provider, api, redis, port] = await Promise.all([
    startScriptedProvider(),
    startEchoUpstream(),
    startRedis(),
    freePort(),
  ])
  const publicUrl = `http://localhost:${port}`
  const env = {
    ...Object.fromEntries(UNLIMITED),
    ...provider.env,
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    MANAGEMENT_PORT: '0',
    REDIS_URL: redis.url,
    SESSION_SECRET_KEY: randomBytes(48).toString('base64'),
    SESSION_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    IDENTITY_CACHE_TTL: '60',
    OIDC_SCOPES: the.scopes,
    JWT_AUDIENCE: the.audience,
    GATEWAY_CONFIG: join(folder, 'gateway.yaml'),
    ...changes,
  }
  const routes = [
    { id: 'orders', path: '/api/orders', upstream: api.origin, auth: ['session', 'bearer'] },
    { id: 'public', path: '/public', upstream: api.origin, auth: 'none' },
  ]
  writeFileSync(env.GATEWAY_CONFIG, stringify({ routes }))
  writeFileSync(join(folder, '.env'), '')

  const instances: Instance[] = []
  async function start(more: Record<string, string> = {}): Promise<Instance> {
    const own = instances.length === 0 ? port : await freePort()
    const instance = await startInstance({ ...env, PORT: String(own), ...more }, folder)
    instances.push(instance)
    return instance
  }
  // One after the other: three at once on two cores are no faster, and the first has to have the public port.
  for (let i = 0; i < size; i++) await start()

  const signIn = async () => {
    const browser = createBrowser()
    const page = await browser.open(`${publicUrl}/login?returnTo=/public`)
    const [ticket] = browser.jar.of(publicUrl).filter(({ name }) => name === 'cloakroom')
    if (page.status !== 200 || ticket === undefined)
      throw new Error(`signing in ended at ${page.url} with ${page.status}: ${page.body}`)
    return ticket.value
  }
  const callAll = async (ticket: string, calls: number) => {
    const asked = Array.from({ length: calls }, (_, i) => instances[i % instances.length]?.call(ticket))
    return (await Promise.all(asked)).map((answer) => answer?.status ?? 0)
  }

  return {
    instances,
    provider,
    api,
    redis,
    publicUrl,
    env,
    signIn,
    async signInAndExpire() {
      const { script } = provider
      script.expiresIn = TOKEN_LIFE_SECONDS
      const ticket = await signIn()
      await callAll(ticket, instances.length)
      const expiresAt = Date.now() + TOKEN_LIFE_SECONDS * 1000
      while (Date.now() <= expiresAt) await pause(10)
      script.expiresIn = 300
      provider.journal.length = 0
      api.forget()
      return ticket
    },
    callAll,
    refreshes: () =>
      provider.calls('token', { grant_type: 'refresh_token' }).map(({ form }) => form.get('refresh_token')),
    start,
    async stop() {
      await Promise.all(instances.map(({ kill }) => kill()))
      await Promise.all([provider.stop(), api.stop(), redis.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
