import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../observability/log.ts'
import { type ClusterAttempt, type ClusterConfig, createClusterAttempt } from './cluster-attempt.ts'
import { createEar } from './ear.ts'
import { forwardCommands } from './forward-commands.ts'
import { createOutageLog } from './outage-log.ts'
import { type Redis, withDeadline } from './redis-client.ts'
import { redisKeys } from './redis-keys.ts'
import { createRedisNode } from './redis-node.ts'

const LOOK_MS = 1_000
const AGAIN_MS = 250
const PATIENCE = 2

/**
 * A cluster. node-redis knows its nodes and slots, but waits for ever for one that died before it was reached, and gives up
 * when none answers at the start: so it is watched, and begun anew when a part of the cluster stays silent.
 */
export function createClusterClient(config: ClusterConfig, log: Log): Redis {
  const outage = createOutageLog(log)
  const attempt = () => createClusterAttempt(config, outage.begins)
  let present: ClusterAttempt | undefined
  let failures = 0
  let looking = false
  let closed = false

  async function begin(): Promise<void> {
    const next = attempt()
    try {
      await next.open()
    } catch (error) {
      outage.begins(error)
      return next.discard()
    }
    if (closed) return next.discard()
    present?.discard()
    present = next
    failures = 0
    outage.ends()
  }

  async function look(): Promise<void> {
    if (looking || closed || present === undefined) return
    looking = true
    try {
      await present.check()
      failures = 0
      outage.ends()
    } catch (error) {
      outage.begins(error)
      if (++failures >= PATIENCE) await begin()
    } finally {
      looking = false
    }
  }

  const watch = setInterval(() => void look(), LOOK_MS).unref()
  return {
    ...forwardCommands(() => present?.cluster),
    // On the node of its slot, so that one connection there hears it and its answer is true.
    publish: async (channel, text) => {
      if (present === undefined) throw new Error('no cluster is known')
      return present.cluster.sPublish(channel, text)
    },
    async connect() {
      while (!closed && present === undefined) {
        await begin()
        if (present === undefined) await pause(AGAIN_MS, undefined, { ref: false })
      }
    },
    destroy() {
      closed = true
      clearInterval(watch)
      present?.discard()
    },
    get isReady() {
      return present !== undefined && failures === 0
    },
    createEar: () =>
      createEar({
        sharded: true,
        async openNode() {
          const owner = await withDeadline(ownerOf(redisKeys.busToAll))
          const { username, password, tls } = config
          return createRedisNode({ username, password, socket: { ...owner, tls } })
        },
      }),
  }

  async function ownerOf(key: string): Promise<{ host: string; port: number }> {
    const cluster = present?.cluster
    const slot = await cluster?.clusterKeySlot(key)
    const owner = slot === undefined ? undefined : cluster?.slots[slot]?.master
    if (owner === undefined) throw new Error('nobody is known to own the slot of the message bus')
    return { host: owner.host, port: owner.port }
  }
}
