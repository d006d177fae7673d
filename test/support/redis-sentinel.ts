import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type RedisProcess, startRedisProcess } from './redis-process.ts'

/** A primary, a replica and three Sentinels that make the other one primary within about two seconds. */
export interface SentinelSetUp {
  readonly env: Record<string, string>
  readonly name: string
  readonly ports: number[]
  readonly sentinels: readonly RedisProcess[]
  /** Whoever is primary at this moment. */
  primary(): Promise<RedisProcess>
  replica(): Promise<RedisProcess>
  /** Kills the primary and waits until the other one is it; the dead one stays dead. */
  failOver(): Promise<RedisProcess>
  /** Starts the dead one again, as the replica of the other; Sentinels would do so by themselves, after ten seconds. */
  bringBack(dead: RedisProcess): Promise<void>
  stop(): Promise<void>
}

const NAME = 'cloak'
const DOWN_AFTER_MS = 500

export async function startSentinelSetUp(): Promise<SentinelSetUp> {
  const plain = (port: number, folder: string) =>
    `--port ${port} --bind 127.0.0.1 --dir ${folder} --appendonly no --repl-diskless-sync-delay 0 --repl-ping-replica-period 1`
      .split(' ')
      .concat('--save', '')
  const first = await startRedisProcess(plain)
  const second = await startRedisProcess((port, folder) => [
    ...plain(port, folder),
    ...['--replicaof', '127.0.0.1', String(first.port)],
  ])
  const nodes = [first, second]
  const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(first.port)))
  const roleOf = (node: RedisProcess) => node.ask('ROLE').catch(() => '')
  const find = async (role: string) => {
    for (;;) {
      for (const node of nodes) if ((await roleOf(node)).includes(role)) return node
      await pause(20)
    }
  }
  const settle = async () => {
    await find('\r\nmaster\r\n')
    await find('\r\nconnected\r\n')
    // Each Sentinel has to know the replica and the other two, else it cannot fail over.
    for (const sentinel of sentinels)
      for (;;) {
        const view = flatten(await sentinel.ask('SENTINEL', 'MASTER', NAME))
        if (view['num-slaves'] === '1' && view['num-other-sentinels'] === '2' && view.flags === 'master') break
        await pause(20)
      }
  }
  await settle()

  return {
    env: { REDIS_SENTINELS: sentinels.map(({ port }) => `127.0.0.1:${port}`).join(','), REDIS_SENTINEL_NAME: NAME },
    name: NAME,
    ports: nodes.map(({ port }) => port),
    sentinels,
    primary: () => find('\r\nmaster\r\n'),
    replica: () => find('\r\nslave\r\n'),
    async failOver() {
      const [old, heir] = [await find('\r\nmaster\r\n'), await find('\r\nslave\r\n')]
      await old.kill()
      while (!(await roleOf(heir)).includes('\r\nmaster\r\n')) await pause(20)
      return old
    },
    async bringBack(dead) {
      const primary = await find('\r\nmaster\r\n')
      await dead.restart()
      await dead.ask('REPLICAOF', '127.0.0.1', String(primary.port))
      await settle()
    },
    stop: async () => void (await Promise.all([...sentinels, ...nodes].map((node) => node.stop()))),
  }
}

function startSentinel(primaryPort: number): Promise<RedisProcess> {
  return startRedisProcess(async (port, folder) => {
    const file = join(folder, 'sentinel.conf')
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${primaryPort} 2`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 2000`,
    ]
    await writeFile(file, `${lines.join('\n')}\n`)
    return [file, '--sentinel']
  })
}

function flatten(answer: string): Record<string, string> {
  const texts = answer.split('\r\n').filter((line) => line !== '' && !/^[*$%]\d/.test(line))
  return Object.fromEntries(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? '']] : [])))
}
