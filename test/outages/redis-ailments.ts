import { startClusterSetUp } from '../support/redis-cluster.ts'
import { type RedisProcess, startRedisProcess } from '../support/redis-process.ts'
import { startSentinelSetUp } from '../support/redis-sentinel.ts'

/** A Redis that falls ill in one way, and gets well again with everything that it knew. */
export interface Patient {
  env: Record<string, string>
  fallIll(): Promise<void>
  getWell(): Promise<void>
  stop(): Promise<void>
}

export interface Ailment {
  /** How calls with a session are answered meanwhile, once it is noticed. */
  calls: 200 | 503
  ready: 200 | 503
  logins: 302 | 503
  start(): Promise<Patient>
}

const USER = 'gateway'

/** Everything it has been told is on disk before it answers. */
async function startDurable(
  login: string,
): Promise<{ redis: RedisProcess; options: string[]; env: Record<string, string> }> {
  const options: string[] = []
  const redis = await startRedisProcess((port, folder) => {
    const durable = '--appendonly yes --appendfsync always --enable-debug-command yes'
    options.splice(0, options.length, ...`--port ${port} --bind 127.0.0.1 --dir ${folder} ${durable}`.split(' '))
    return options
  })
  await redis.ask('ACL', 'SETUSER', USER, 'on', '>right', '~*', '&*', '+@all')
  return { redis, options, env: { REDIS_URL: `redis://${login}127.0.0.1:${redis.port}` } }
}

const reportedBy = async (redis: RedisProcess, ...words: string[]) => {
  const answer = await redis.ask(...words)
  if (answer.startsWith('-')) throw new Error(`Redis says ${answer}`)
}

/** @param ill what makes it ill, and what makes it well */
function single(
  ill: (redis: RedisProcess, options: string[]) => [() => Promise<unknown>, () => Promise<unknown>],
  login = '',
) {
  return async (): Promise<Patient> => {
    const { redis, options, env } = await startDurable(login)
    const [fall, get] = ill(redis, options)
    return { env, fallIll: async () => void (await fall()), getWell: async () => void (await get()), stop: redis.stop }
  }
}

/** Users are not on disk. */
const letIn = (redis: RedisProcess) =>
  reportedBy(redis, 'ACL', 'SETUSER', USER, 'on', 'resetpass', '>right', '~*', '&*', '+@all')

export const ailments: Record<string, Ailment> = {
  'is dead, then starts again from its disk': {
    calls: 503,
    ready: 503,
    logins: 503,
    start: single((redis) => [redis.kill, redis.restart]),
  },
  'hangs (SIGSTOP)': {
    calls: 503,
    ready: 503,
    logins: 503,
    start: single((redis) => [async () => redis.pause(), async () => redis.resume()]),
  },
  'is read-only (a replica)': {
    calls: 200,
    ready: 200,
    logins: 503,
    start: single((redis) => [
      () => reportedBy(redis, 'REPLICAOF', '127.0.0.1', '1'),
      () => reportedBy(redis, 'REPLICAOF', 'NO', 'ONE'),
    ]),
  },
  'is out of memory (noeviction)': {
    calls: 200,
    ready: 200,
    logins: 503,
    start: single((redis) => [
      () => reportedBy(redis, 'CONFIG', 'SET', 'maxmemory', '1'),
      () => reportedBy(redis, 'CONFIG', 'SET', 'maxmemory', '0'),
    ]),
  },
  'refuses the password': {
    calls: 503,
    ready: 503,
    logins: 503,
    start: single(
      (redis) => [
        () =>
          reportedBy(redis, 'ACL', 'SETUSER', USER, 'resetpass', '>wrong').then(() =>
            redis.ask('CLIENT', 'KILL', 'USER', USER),
          ),
        () => letIn(redis),
      ],
      `${USER}:right@`,
    ),
  },
  'is still loading its data': {
    calls: 503,
    ready: 503,
    logins: 503,
    start: single((redis, options) => [
      async () => {
        await reportedBy(redis, 'SAVE')
        await redis.kill()
        // While it loads a dump it says so; while it reads its log of commands it says nothing.
        options.push(
          '--appendonly',
          'no',
          '--key-load-delay',
          '200000',
          '--loading-process-events-interval-bytes',
          '1024',
        )
        await redis.restart()
      },
      async () => {
        await redis.ask('CONFIG', 'SET', 'key-load-delay', '0')
        while ((await redis.ask('PING')).startsWith('-LOADING'));
      },
    ]),
  },
  'fails over (Sentinel)': {
    calls: 503,
    ready: 503,
    logins: 503,
    async start() {
      const setUp = await startSentinelSetUp()
      return { ...setUp, fallIll: async () => (await setUp.primary()).kill(), getWell: async () => undefined }
    },
  },
  'fails over (Cluster)': {
    calls: 503,
    ready: 503,
    logins: 503,
    async start() {
      const setUp = await startClusterSetUp({ replicas: true })
      const fallIll = async () => void (await Promise.all([(await setUp.primaries())[0]?.kill()]))
      return { ...setUp, fallIll, getWell: async () => undefined }
    },
  },
}
