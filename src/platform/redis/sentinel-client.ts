import { setTimeout as pause } from 'node:timers/promises'
import type { HostAndPort } from '../config/redis-settings.ts'
import type { Log } from '../observability/log.ts'
import { createEar } from './ear.ts'
import { forwardCommands } from './forward-commands.ts'
import { createOutageLog } from './outage-log.ts'
import type { Redis } from './redis-client.ts'
import { createRedisNode, onOutOfStep, type RedisNode } from './redis-node.ts'
import { createSentinels, type SentinelConfig } from './sentinels.ts'

const LOOK_MS = 500

/**
 * The primary behind Sentinels, followed to wherever they move it. node-redis's own Sentinel client is not used: while the
 * primary is dead and not replaced, each of its commands asks the Sentinels again without a pause and never fails.
 */
export function createSentinelClient(config: SentinelConfig, log: Log): Redis {
  const { username, password, database, tls } = config
  const outage = createOutageLog(log)
  const sentinelOutage = createOutageLog(log, { who: 'a Sentinel' })
  const sentinels = createSentinels(config, sentinelOutage.begins)
  let present: { node: RedisNode; at: HostAndPort } | undefined
  let looking = false
  let closed = false

  const open = (at: HostAndPort) =>
    createRedisNode({ username, password, ...(database === 0 ? {} : { database }), socket: { ...at, tls } })

  async function look(): Promise<void> {
    if (looking || closed) return
    looking = true
    try {
      const at = await sentinels.findPrimary()
      if (at !== undefined && !closed) follow(at)
    } finally {
      looking = false
    }
  }

  function follow(at: HostAndPort): void {
    sentinelOutage.ends()
    if (present !== undefined && present.at.host === at.host && present.at.port === at.port) return
    if (present !== undefined) log.warn('Redis has a new primary', { primary: `${at.host}:${at.port}` })
    replace(at)
  }

  function replace(at: HostAndPort): void {
    const node = open(at)
    const isPresent = () => present?.node === node
    node.on('error', (error) => isPresent() && !node.isReady && outage.begins(error))
    node.on('ready', () => isPresent() && outage.ends())
    onOutOfStep(node, () => {
      if (!isPresent()) return
      outage.begins(new Error('it does not answer, or not what was asked'))
      replace(at)
    })
    if (present?.node.isOpen) present.node.destroy()
    present = { node, at }
    node.connect().catch(() => undefined)
  }

  const watch = setInterval(() => void look(), LOOK_MS).unref()
  return {
    ...forwardCommands(() => present?.node),
    async connect() {
      while (!closed && present?.node.isReady !== true) {
        await look()
        await pause(20)
      }
    },
    destroy() {
      closed = true
      clearInterval(watch)
      sentinels.close()
      if (present?.node.isOpen) present.node.destroy()
    },
    get isReady() {
      return present?.node.isReady ?? false
    },
    createEar: () =>
      createEar({
        sharded: false,
        async openNode() {
          if (present === undefined) throw new Error('no primary is known')
          return open(present.at)
        },
      }),
  }
}
