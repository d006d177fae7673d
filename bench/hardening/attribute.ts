interface ProfileNode {
  id: number
  callFrame: { functionName: string; url: string }
  children?: readonly number[]
}

/** A V8 CPU profile, as `--cpu-prof` writes it. */
export interface CpuProfile {
  nodes: readonly ProfileNode[]
  samples: readonly number[]
  /** Microseconds before each sample. */
  timeDeltas: readonly number[]
}

export interface Shares {
  /** For each group, its share of the time the process was busy. */
  groups: Map<string, number>
  /** The share of all groups together. */
  all: number
}

const IDLE = new Set(['(idle)', '(program)', '(root)'])
const OWN = /\/src\//

/** Whose time it was: every sample belongs to the innermost file of the gateway on its stack, with all that file calls. */
export function attribute(profile: CpuProfile, groups: Readonly<Record<string, RegExp>>): Shares {
  const owners = ownersOf(profile.nodes)
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const spent = new Map(Object.keys(groups).map((name) => [name, 0]))
  let busy = 0
  for (const [at, id] of profile.samples.entries()) {
    if (IDLE.has(nodes.get(id)?.callFrame.functionName ?? '')) continue
    const time = profile.timeDeltas[at] ?? 0
    const owner = owners.get(id) ?? ''
    busy += time
    for (const [name, files] of Object.entries(groups))
      if (files.test(owner)) spent.set(name, (spent.get(name) ?? 0) + time)
  }
  const shares = new Map([...spent].map(([name, time]) => [name, time / busy]))
  return { groups: shares, all: [...shares.values()].reduce((sum, share) => sum + share, 0) }
}

function ownersOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const urls = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.url]))
  return new Map(
    nodes.map(({ id }) => {
      let node: number | undefined = id
      while (node !== undefined && !OWN.test(urls.get(node) ?? '')) node = parents.get(node)
      return [id, node === undefined ? '' : (urls.get(node) ?? '')]
    }),
  )
}
