import { createHash } from 'node:crypto'
import { unavailable } from '../platform/errors/gateway-error.ts'
import { type Redis, withDeadline } from '../platform/redis/redis-client.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import { endsLogin, type LogoutMarks, type LogoutTarget, MARK_SECONDS } from './logout-marks.ts'

// Logout tokens may arrive in another order than they were issued in.
const MARK = `local issued, received = tonumber(ARGV[1]), tonumber(ARGV[2])
local i, r = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
if i then issued, received = math.max(issued, tonumber(i)), math.max(received, tonumber(r)) end
redis.call('SET', KEYS[1], string.format('%.0f %.0f', issued, received), 'EX', ARGV[3])`

/** Logout marks in Redis, known to every instance. */
export function createRedisLogoutMarks(redis: Redis, issuer: string): LogoutMarks {
  const hash = (text: string) => createHash('sha256').update(`${issuer} ${text}`).digest('base64url')
  const keysOf = ({ providerSessionId, subject }: LogoutTarget) => [
    ...(providerSessionId === undefined ? [] : [redisKeys.logoutMark('sid', hash(providerSessionId))]),
    ...(subject === undefined ? [] : [redisKeys.logoutMark('sub', hash(subject))]),
  ]
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the logout marks cannot be read or written', error)
    }
  }
  return {
    async firstTime(jti) {
      const expiration = { type: 'EX', value: MARK_SECONDS } as const
      return (await ask(redis.set(redisKeys.logoutTokenId(hash(jti)), '1', { condition: 'NX', expiration }))) !== null
    },
    async forget(jti) {
      await ask(redis.del(redisKeys.logoutTokenId(hash(jti))))
    },
    async mark(target, { issuedAt, receivedAt }) {
      const moment = [issuedAt, receivedAt, MARK_SECONDS].map((number) => String(Math.floor(number)))
      await ask(Promise.all(keysOf(target).map((key) => redis.eval(MARK, { keys: [key], arguments: moment }))))
    },
    async isEnded(who, login) {
      const marks = await ask(Promise.all(keysOf(who).map((key) => redis.get(key))))
      return marks.some((mark) => {
        const [issuedAt, receivedAt] = (mark ?? '').split(' ').map(Number)
        return issuedAt !== undefined && receivedAt !== undefined && endsLogin({ issuedAt, receivedAt }, login)
      })
    },
  }
}
