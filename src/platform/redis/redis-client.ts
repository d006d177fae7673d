import type { Log } from '../observability/log.ts'
import { within } from '../within.ts'
import { createEar, type Ear } from './ear.ts'
import { createOutageLog } from './outage-log.ts'
import { COMMAND_TIMEOUT_MS, createRedisNode, onOutOfStep, type RedisNode } from './redis-node.ts'

type CommandName =
  | 'del'
  | 'eval'
  | 'evalSha'
  | 'get'
  | 'pExpire'
  | 'pTTL'
  | 'ping'
  | 'publish'
  | 'set'
  | 'zAdd'
  | 'zCard'
  | 'zRange'
  | 'zRangeByScore'
  | 'zRangeWithScores'
  | 'zRem'
  | 'zRemRangeByScore'
  | 'zScore'

/** What the gateway asks of Redis, each command about one key or keys of one slot, so that every form of Redis can do it. */
export type RedisCommands = Pick<RedisNode, CommandName>

/** One Redis, a primary behind Sentinels, or a cluster: nobody above this folder knows which. */
export interface Redis extends RedisCommands {
  /** Resolves when it is reachable; tries for as long as it takes. */
  connect(): Promise<unknown>
  /** For good; commands under way fail. */
  destroy(): void
  readonly isReady: boolean
  /** A connection of its own for listening, to the node that `publish` reaches. */
  createEar(): Ear
}

/** A connection to the only node there is. */
export type SingleRedis = RedisNode & Pick<Redis, 'createEar'>

/** One Redis at one address; reconnects for as long as the process lives. */
export function createRedisClient(url: string, log: Log): SingleRedis {
  const client = createRedisNode({ url })
  const outage = createOutageLog(log)
  // A refusal by one that is there (it loads, it is full) is told by whoever asked.
  client.on('error', (error) => client.isReady || outage.begins(error))
  client.on('ready', outage.ends)
  onOutOfStep(client, () => {
    outage.begins(new Error('it does not answer, or not what was asked'))
    client.destroy()
    client.connect().catch(() => undefined)
  })
  return Object.assign(client, {
    createEar: () => createEar({ openNode: async () => createRedisNode({ url }), sharded: false }),
  })
}

/** Fails a command that has no answer in time: node-redis's own time-out covers only the time before it is sent. */
export function withDeadline<T>(command: Promise<T>, milliseconds = COMMAND_TIMEOUT_MS): Promise<T> {
  return within(milliseconds, command, () => new Error(`Redis did not answer within ${milliseconds} ms`))
}
