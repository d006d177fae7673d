import { setTimeout as pause } from 'node:timers/promises'
import { type RedisProcess, startRedisProcess } from './redis-process.ts'

/** A cluster of three primaries, and three replicas where they are asked for. */
export interface ClusterSetUp {
  readonly env: Record<string, string>
  readonly nodes: readonly RedisProcess[]
  readonly primaries: () => Promise<RedisProcess[]>
  /** The primary that has the slot of this key. */
  ownerOf(key: string): Promise<RedisProcess>
  /** Waits until every node says that the cluster is well. */
  settle(): Promise<void>
  stop(): Promise<void>
}

const SLOTS = 16_384
const PRIMARIES = 3

export async function startClusterSetUp({ replicas = false } = {}): Promise<ClusterSetUp> {
  const count = replicas ? 2 * PRIMARIES : PRIMARIES
  const nodes = await Promise.all(Array.from({ length: count }, () => startRedisProcess(optionsOf)))
  const [first, ...others] = nodes
  if (first === undefined) throw new Error('a cluster has nodes')
  const ids = await Promise.all(nodes.map(async (node) => textOf(await node.ask('CLUSTER', 'MYID'))))
  await Promise.all(
    nodes.slice(0, PRIMARIES).map((node, at) => {
      const [from, to] = [Math.ceil((SLOTS * at) / PRIMARIES), Math.ceil((SLOTS * (at + 1)) / PRIMARIES) - 1]
      return node.ask('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to))
    }),
  )
  // Epochs that differ from the beginning spare the nodes a quarrel.
  for (const [at, node] of nodes.entries()) await node.ask('CLUSTER', 'SET-CONFIG-EPOCH', String(at + 1))
  for (const node of others) await node.ask('CLUSTER', 'MEET', '127.0.0.1', String(first.port))
  for (const [at, node] of nodes.slice(PRIMARIES).entries()) {
    const primary = ids[at] ?? ''
    while ((await node.ask('CLUSTER', 'REPLICATE', primary)) !== '+OK\r\n') await pause(20)
  }

  const settle = async () => {
    for (const node of nodes) {
      for (;;) {
        const info = await node.ask('CLUSTER', 'INFO').catch(() => '')
        const role = await node.ask('ROLE').catch(() => '')
        const isKnown = info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}`)
        if (isKnown && (role.includes('\r\nmaster\r\n') || role.includes('\r\nconnected\r\n'))) break
        await pause(20)
      }
    }
  }
  await settle()
  const primaries = async () => {
    const roles = await Promise.all(nodes.map((node) => node.ask('ROLE').catch(() => '')))
    return nodes.filter((_, at) => roles[at]?.includes('\r\nmaster\r\n'))
  }

  return {
    env: { REDIS_CLUSTER_NODES: nodes.map(({ port }) => `127.0.0.1:${port}`).join(',') },
    nodes,
    primaries,
    async ownerOf(key) {
      for (const node of await primaries()) if (!(await node.ask('EXISTS', key)).startsWith('-MOVED')) return node
      throw new Error('nobody has that slot')
    },
    settle,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

function optionsOf(port: number, folder: string): string[] {
  const cluster = '--cluster-enabled yes --cluster-config-file nodes.conf --cluster-node-timeout 800'
  // The bus usually listens 10,000 above, which may be no port at all.
  const bus = port > 50_000 ? port - 10_000 : port + 10_000
  const others = '--appendonly no --repl-diskless-sync-delay 0 --cluster-replica-validity-factor 0'
  return `--port ${port} --cluster-port ${bus} --bind 127.0.0.1 --dir ${folder} ${cluster} ${others}`
    .split(' ')
    .concat('--save', '')
}

function textOf(answer: string): string {
  return answer.split('\r\n')[1] ?? ''
}
