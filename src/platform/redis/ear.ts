import { onOutOfStep, type RedisNode } from './redis-node.ts'

export interface EarParts {
  /** A new connection, not opened yet, to the node where messages can be heard at this moment. */
  openNode: () => Promise<RedisNode>
  /** In a cluster, channels live on the node of their slot (`SSUBSCRIBE`, Redis 7). */
  sharded: boolean
}

export interface EarListener {
  /** The text, and the channel it came by. */
  hear(text: string, channel: string): void
  /** It listens from now on; what was said before was missed. */
  opened(): void
  /** Nothing is heard from now on. */
  lost(): void
}

/** A connection that listens. */
export interface Ear {
  /** Listens to these channels, all from the same moment on, for as long as it lives. Call it once. */
  listen(channels: string[], listener: EarListener): void
  /** For whoever knows that nothing is heard, though the connection may look well: begins anew, wherever that is now. */
  renew(): void
  close(): void
}

/** Pub/sub is at most once and in order, and only while the connection lives; an ear tells when that changes. */
export function createEar({ openNode, sharded }: EarParts): Ear {
  let node: RedisNode | undefined
  let channels: string[] = []
  let listener: EarListener | undefined
  let round = 0
  let closed = false

  async function begin(): Promise<void> {
    // Whoever missed a heartbeat may ask for it when everything is being closed already.
    if (closed) return
    const mine = ++round
    drop()
    const fresh = await openNode().catch(() => undefined)
    if (fresh === undefined || mine !== round) return
    node = fresh
    let subscribed = false
    const isCurrent = () => mine === round
    fresh.on('error', () => isCurrent() && listener?.lost())
    onOutOfStep(fresh, () => isCurrent() && void begin())
    fresh.on('ready', () => {
      // After a reconnect node-redis has subscribed again by itself before it is ready.
      if (!isCurrent()) return
      if (subscribed) return listener?.opened()
      subscribe(fresh).then(
        () => {
          subscribed = true
          if (isCurrent()) listener?.opened()
        },
        () => undefined,
      )
    })
    fresh.connect().catch(() => undefined)
  }

  function subscribe(fresh: RedisNode): Promise<void> {
    // One command for all: what one channel has heard says of the others too.
    const hear = (text: string, channel: string) => listener?.hear(text, channel)
    return sharded ? fresh.sSubscribe(channels, hear) : fresh.subscribe(channels, hear)
  }

  function drop(): void {
    if (node?.isOpen) node.destroy()
    node = undefined
    listener?.lost()
  }

  return {
    listen(names, newListener) {
      channels = names
      listener = newListener
      void begin()
    },
    renew: () => void begin(),
    close() {
      closed = true
      round++
      drop()
    },
  }
}
