import { createCluster, ErrorReply } from 'redis'
import type { RedisConfig } from '../config/redis-settings.ts'
import { withDeadline } from './redis-client.ts'
import { COMMAND_TIMEOUT_MS, loginOptions, nodeOptions } from './redis-node.ts'

export type ClusterConfig = Extract<RedisConfig, { kind: 'cluster' }>

/** One cluster client of node-redis, for as long as it is of use. */
export interface ClusterAttempt {
  readonly cluster: ReturnType<typeof createNodeRedisCluster>
  /** Finds all nodes and connects to each primary; rejects when that does not succeed in time. */
  open(): Promise<void>
  /** Rejects when a primary does not answer. */
  check(): Promise<void>
  discard(): void
}

const OPEN_MS = 2_500
const CHECK_MS = 1_000
/** Milliseconds after which the nodes are looked up again while one is away; a failover is known that soon. */
const REFRESH_MS = 300

export function createClusterAttempt(config: ClusterConfig, onError: (error: unknown) => void): ClusterAttempt {
  let wanted = true
  let outOfStep = false
  const cluster = createNodeRedisCluster(config, () => wanted)
  const tell = (error: unknown) => wanted && onError(error)
  cluster.on('error', tell)
  cluster.on('node-error', (error: unknown, at: { host: string; port: number }) => {
    tell(error)
    // Ready all the same: its answers no longer fit the commands (see `onOutOfStep`).
    const node = cluster.nodeByAddress.get(`${at.host}:${at.port}`)?.client
    if (node?.isReady && !(error instanceof ErrorReply)) outOfStep = true
  })

  function discard(): void {
    wanted = false
    cluster.destroy()
  }

  return {
    cluster,
    async open() {
      const opened = cluster.connect()
      // What is found only after it was given up must be closed as well.
      opened.then(
        () => wanted || cluster.destroy(),
        () => undefined,
      )
      await withDeadline(opened, OPEN_MS)
    },
    async check() {
      if (outOfStep) throw new Error('the answers of a node do not fit the commands')
      const { masters } = cluster
      if (masters.length === 0) throw new Error('no node of the cluster is known')
      await Promise.all(masters.map((node) => withDeadline(ping(cluster.nodeClient(node)), CHECK_MS)))
    },
    discard,
  }
}

async function ping(node: ReturnType<ClusterAttempt['cluster']['nodeClient']>): Promise<void> {
  const reply = await (await node).ping()
  if (reply !== 'PONG') throw new Error('a node answers PING with something else')
}

function createNodeRedisCluster(config: ClusterConfig, isWanted: () => boolean) {
  const { nodes, username, password, tls } = config
  const options = nodeOptions(isWanted)
  const socket = tls ? { ...options.socket, tls: true as const } : options.socket
  return createCluster({
    rootNodes: nodes.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: { ...options, ...loginOptions({ username, password }), socket },
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    topologyRefreshOnReconnectionAttemptStrategy: REFRESH_MS,
  })
}
