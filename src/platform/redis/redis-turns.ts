import { AsyncLocalStorage } from 'node:async_hooks'
import { hash, randomUUID } from 'node:crypto'
import { unavailable } from '../errors/gateway-error.ts'
import { type Redis, withDeadline } from './redis-client.ts'
import { redisKeys } from './redis-keys.ts'
import { createLocalTurns, type Turns } from './turns.ts'

export interface RedisTurnsParts {
  redis: Pick<Redis, 'set' | 'eval'>
  pause: (milliseconds: number) => Promise<void>
  /** Milliseconds of a clock that is never set. */
  now: () => number
  /** Milliseconds after which the turn of an instance that died is free again: longer than a step may take. */
  lifeMs?: number
}

/** Longer than any call to Keycloak that changes something (6 s). */
const LIFE_MS = 7_000
const RENEWALS_IN_A_LIFE = 7
/** Longer than a life, so that whoever waits for the turn of an instance that died gets it. */
const PATIENCE_IN_LIVES = 1.25
const ASK_AGAIN_MS = 40

// A turn that Redis does not know any more is lost: somebody else may have had it meanwhile.
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

interface Lease {
  /** @throws GatewayError COORDINATION_UNAVAILABLE */
  confirm(): Promise<void>
  release(): Promise<void>
}

/**
 * Turns over all instances: a lease in Redis per key, renewed while the work runs. Keycloak cannot refuse what is written
 * under a lease that is over, so each step asks first and then has a whole life of the lease, which is longer than a step.
 * What remains: a process that is stopped between asking and writing, for longer than that life, writes one step late.
 */
export function createRedisTurns({ redis, pause, now, lifeMs = LIFE_MS }: RedisTurnsParts): Turns {
  const here = createLocalTurns()
  const held = new AsyncLocalStorage<readonly Lease[]>()
  const life = String(lifeMs)

  async function take(name: string): Promise<Lease> {
    const key = redisKeys.turn(hash('sha256', name, 'base64url'))
    const fence = randomUUID()
    const run = (script: string) => withDeadline(redis.eval(script, { keys: [key], arguments: [fence, life] }))
    const release = async () => void (await run(RELEASE).catch(() => undefined))
    await acquire(key, fence).catch((error: unknown) => {
      // It may have been set all the same.
      void release()
      throw error
    })
    let lost = false
    async function renew(): Promise<void> {
      lost ||= (await run(RENEW)) !== 1
    }
    const renewal = setInterval(() => void renew().catch(() => undefined), lifeMs / RENEWALS_IN_A_LIFE)
    return {
      async confirm() {
        if (!lost) await renew().catch((error: unknown) => cannotTell('a turn cannot be renewed', error))
        if (lost) cannotTell('a turn was lost: this process was stopped, or Redis has forgotten it')
      },
      async release() {
        clearInterval(renewal)
        await release()
      },
    }
  }

  async function acquire(key: string, fence: string): Promise<void> {
    const expiration = { type: 'PX', value: lifeMs } as const
    const end = now() + lifeMs * PATIENCE_IN_LIVES
    for (;;) {
      const answer = await withDeadline(redis.set(key, fence, { condition: 'NX', expiration })).catch(
        (error: unknown) => cannotTell('a turn cannot be taken', error),
      )
      if (answer !== null) return
      if (now() > end) throw unavailable('CHANGE_IN_PROGRESS', 'another instance holds the turn', undefined, 1)
      await pause(ASK_AGAIN_MS + Math.random() * ASK_AGAIN_MS)
    }
  }

  return {
    run: (name, work) =>
      here.run(name, async () => {
        const lease = await take(name)
        try {
          return await held.run([...(held.getStore() ?? []), lease], work)
        } finally {
          await lease.release()
        }
      }),
    async check() {
      await Promise.all((held.getStore() ?? []).map((lease) => lease.confirm()))
    },
  }
}

function cannotTell(reason: string, cause?: unknown): never {
  throw unavailable('COORDINATION_UNAVAILABLE', reason, cause, 1)
}
