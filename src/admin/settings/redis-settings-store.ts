import { unavailable } from '../../platform/errors/gateway-error.ts'
import type { MessageBus } from '../../platform/redis/message-bus.ts'
import { readText } from '../../platform/redis/read-text.ts'
import { type Redis, withDeadline } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { SettingsStore } from './settings-store.ts'

export interface RedisSettingsStoreParts {
  redis: Redis
  bus: Pick<MessageBus, 'publish' | 'subscribe' | 'onReconnect'>
}

/** What is of another type was not written by us and counts as absent, as it does for whoever read it. */
const REPLACE = `
local kept = redis.pcall('GET', KEYS[1])
if type(kept) == 'table' then kept = false end
if ARGV[1] == 'absent' then
  if kept then return 0 end
elseif kept ~= ARGV[2] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[3])
return 1`

/** One text in Redis for all instances, changed by compare-and-set; the bus carries it to those that live. */
export function createRedisSettingsStore({ redis, bus }: RedisSettingsStoreParts): SettingsStore {
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SETTINGS_UNAVAILABLE', 'Redis does not answer', error)
    }
  }
  return {
    isShared: true,
    read: () => ask(readText(redis, redisKeys.settings)),
    async replace(known, text) {
      const call = { keys: [redisKeys.settings], arguments: [known === null ? 'absent' : 'known', known ?? '', text] }
      return (await ask(redis.eval(REPLACE, call))) === 1
    },
    // Whoever does not hear it reads it again after a while.
    tell: (text) => bus.publish(redisKeys.settingsChannel, text).catch(() => 1),
    listen(hear, missed) {
      bus.subscribe(redisKeys.settingsChannel, hear)
      bus.onReconnect(missed)
    },
  }
}
