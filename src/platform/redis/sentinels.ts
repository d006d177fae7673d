import { createClient } from 'redis'
import type { HostAndPort, RedisConfig } from '../config/redis-settings.ts'
import { withDeadline } from './redis-client.ts'
import { COMMAND_TIMEOUT_MS, loginOptions, nodeOptions } from './redis-node.ts'

/** Those who know which Redis is the primary. */
export interface Sentinels {
  /** The primary, as the newest answer has it; undefined when no Sentinel answers. */
  findPrimary(): Promise<HostAndPort | undefined>
  close(): void
}

export type SentinelConfig = Extract<RedisConfig, { kind: 'sentinel' }>

const ANSWER_MS = 1_000

/** A connection to each Sentinel. All are asked every time, since one that was cut off tells of yesterday. */
export function createSentinels(config: SentinelConfig, onError: (error: unknown) => void): Sentinels {
  const clients = config.sentinels.map((at) => {
    const client = createSentinelNode(config, at)
    client.on('error', onError)
    client.connect().catch(() => undefined)
    return client
  })

  return {
    async findPrimary() {
      const answers = await Promise.allSettled(
        clients.map((client) => withDeadline(client.sendCommand(['SENTINEL', 'MASTER', config.name]), ANSWER_MS)),
      )
      const views = answers.flatMap((answer) => (answer.status === 'fulfilled' ? readView(answer.value) : []))
      // Each failover raises the epoch by one.
      return views.sort((a, b) => b.epoch - a.epoch)[0]?.primary
    },
    close() {
      for (const client of clients) if (client.isOpen) client.destroy()
    },
  }
}

function createSentinelNode({ sentinelPassword: password, tls }: SentinelConfig, { host, port }: HostAndPort) {
  const options = nodeOptions(() => true)
  return createClient({
    // Its answers are flat lists of names and values then.
    RESP: 2,
    ...loginOptions({ password }),
    ...options,
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    socket: { ...options.socket, ...(tls ? { host, port, tls } : { host, port }) },
  })
}

function readView(reply: unknown): { primary: HostAndPort; epoch: number }[] {
  if (!Array.isArray(reply)) return []
  const members = new Map<unknown, unknown>()
  for (let at = 0; at + 1 < reply.length; at += 2) members.set(reply[at], reply[at + 1])
  const host = members.get('ip')
  const [port, epoch] = [Number(members.get('port')), Number(members.get('config-epoch'))]
  if (typeof host !== 'string' || host === '' || !(port > 0) || Number.isNaN(epoch)) return []
  return [{ primary: { host, port }, epoch }]
}
