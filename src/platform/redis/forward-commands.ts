import type { RedisCommands } from './redis-client.ts'

/** Hands each command to whoever is right at that moment; without anybody it fails, as it does while Redis is away. */
export function forwardCommands(present: () => RedisCommands | undefined): RedisCommands {
  const now = async (): Promise<RedisCommands> => {
    const commands = present()
    if (commands === undefined) throw new Error('no Redis is known that could be asked')
    return commands
  }
  return {
    del: async (...args) => (await now()).del(...args),
    eval: async (...args) => (await now()).eval(...args),
    evalSha: async (...args) => (await now()).evalSha(...args),
    get: async (...args) => (await now()).get(...args),
    pExpire: async (...args) => (await now()).pExpire(...args),
    pTTL: async (...args) => (await now()).pTTL(...args),
    ping: async (...args) => (await now()).ping(...args),
    publish: async (...args) => (await now()).publish(...args),
    set: async (...args) => (await now()).set(...args),
    zAdd: async (...args) => (await now()).zAdd(...args),
    zCard: async (...args) => (await now()).zCard(...args),
    zRange: async (...args) => (await now()).zRange(...args),
    zRangeByScore: async (...args) => (await now()).zRangeByScore(...args),
    zRangeWithScores: async (...args) => (await now()).zRangeWithScores(...args),
    zRem: async (...args) => (await now()).zRem(...args),
    zRemRangeByScore: async (...args) => (await now()).zRemRangeByScore(...args),
    zScore: async (...args) => (await now()).zScore(...args),
  }
}
