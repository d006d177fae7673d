import { createClient, ErrorReply } from 'redis'

/** A connection to one node. */
export type RedisNode = ReturnType<typeof createRedisNode>

/** Where, and as whom: an address with everything in it, or the parts. */
export interface NodeAccess {
  readonly url?: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly database?: number
  readonly socket?: { readonly host: string; readonly port: number; readonly tls: boolean }
}

/** Milliseconds between two looks at whether answers fit the commands. */
const STEP_MS = 3_000

/** Milliseconds after which a command counts as failed (design section 3, time bounds). */
export const COMMAND_TIMEOUT_MS = 2_000

/**
 * Nothing is queued while a node is away (a command fails at once), half-open connections are noticed by ping, and it is
 * tried again for as long as it is wanted.
 */
export function nodeOptions(isWanted: () => boolean) {
  return {
    disableOfflineQueue: true,
    pingInterval: 2_000,
    socket: {
      connectTimeout: COMMAND_TIMEOUT_MS,
      socketTimeout: 6_000,
      reconnectStrategy: (tries: number) =>
        isWanted() ? Math.min(50 * 2 ** tries, 1_000) + Math.floor(Math.random() * 100) : (false as const),
    },
  }
}

/** Who asks, as node-redis wants it: what is not known must not be there at all. */
export function loginOptions({ username, password }: Pick<NodeAccess, 'username' | 'password'>) {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

/** Not connected yet; whoever connects it listens for `error` first. */
export function createRedisNode({ url, database, socket, ...login }: NodeAccess) {
  const options = nodeOptions(() => true)
  return createClient({
    ...(url === undefined ? {} : { url }),
    ...(database === undefined ? {} : { database }),
    ...loginOptions(login),
    ...options,
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    socket: { ...options.socket, ...(socket === undefined ? {} : addressOf(socket)) },
  })
}

/**
 * Calls `act` when answers no longer fit the commands. After bytes that are not the protocol, node-redis goes on reading from
 * the next ones, so from then on each command would get the answer of another; only a new connection mends that.
 */
export function onOutOfStep(node: RedisNode, act: () => void): void {
  // Of a connection that broke it says first that it is not ready.
  node.on('error', (error: unknown) => node.isReady && !(error instanceof ErrorReply) && act())
  let watch: NodeJS.Timeout | undefined
  let asked = 0
  let answered = 0
  const look = () => {
    // One that has not been answered since the last look, although the connection lives, waits for somebody else's bytes.
    if (asked > answered) return act()
    const mine = ++asked
    node.ping().then(
      (reply) => {
        answered = mine
        if (reply !== 'PONG') act()
      },
      () => {
        answered = mine
      },
    )
  }
  node.on('ready', () => {
    clearInterval(watch)
    answered = asked
    watch = setInterval(look, STEP_MS).unref()
  })
  node.on('end', () => clearInterval(watch))
}

function addressOf({ host, port, tls }: NonNullable<NodeAccess['socket']>) {
  return tls ? { host, port, tls: true as const } : { host, port }
}
