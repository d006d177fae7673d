import { randomBytes } from 'node:crypto'
import { freePort } from './free-port.ts'
import { type GatewayUnderTest, startGateway } from './gateway.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { type Scene, setScene } from './scene.ts'

/** A scene, and further instances of its gateway beside it: one Redis, the same secrets, the same public address. */
export interface InstancesScene {
  readonly redis: RedisServer
  readonly scene: Scene
  /** The instance that was there from the beginning, besides the scene's own. */
  readonly second: GatewayUnderTest
  /** Starts one more, which ends with the others. */
  another(): Promise<GatewayUnderTest>
  stop(): Promise<void>
}

/** @param env settings that all instances share */
export async function setInstancesScene(env: Record<string, string> = {}): Promise<InstancesScene> {
  const redis = await startRedis()
  const shared = {
    REDIS_URL: redis.url,
    SESSION_SECRET_KEY: randomBytes(48).toString('base64'),
    SESSION_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    ...env,
  }
  const started: { stop(): Promise<void> }[] = [redis]
  async function stop(): Promise<void> {
    for (const one of started.splice(0).reverse()) await one.stop()
  }
  try {
    const scene = await setScene({ env: shared })
    started.push(scene)
    async function another(): Promise<GatewayUnderTest> {
      // Its own address is not the public one, so it has to be allowed.
      const port = String(await freePort())
      const own = { PORT: port, PUBLIC_URL: scene.url, ALLOWED_HOSTS: `localhost:${port}` }
      const gateway = await startGateway({ env: { ...scene.provider.env, ...shared, ...own }, clock: scene.clock })
      started.push(gateway)
      return gateway
    }
    return { redis, scene, second: await another(), another, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
