import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { type WebSocket, WebSocketServer } from 'ws'
import { failOnSilentRejections } from './no-silent-rejections.ts'

/** One handshake that reached the upstream. */
export interface SeenHandshake {
  readonly target: string
  readonly rawHeaders: readonly string[]
  header(name: string): string | undefined
  names(): string[]
}

type Serve = (socket: WebSocket, seen: SeenHandshake) => void
type Refuse = (connection: Duplex, seen: SeenHandshake) => void

export interface SocketUpstream {
  readonly origin: string
  readonly seen: readonly SeenHandshake[]
  /** The sockets that are open now. */
  readonly open: ReadonlySet<WebSocket>
  /** What it does with sockets on this path (without the query) instead of saying everything back. */
  serve(path: string, script: Serve): void
  /** What it does with the bare connection instead of opening a socket. */
  answer(path: string, script: Refuse): void
  /** How it answers ordinary requests for this address. */
  plainly(target: string, listener: RequestListener): void
  /** The next socket that opens. */
  next(): Promise<WebSocket>
  last(): SeenHandshake
  stop(): Promise<void>
}

/** A real WebSocket server that remembers its handshakes, chooses the first subprotocol, and says back what it hears. */
export async function startSocketUpstream(
  options: { chooses?: 'first' | 'none'; tls?: TlsOptions } = {},
): Promise<SocketUpstream> {
  failOnSilentRejections()
  const seen: SeenHandshake[] = []
  const open = new Set<WebSocket>()
  const connections = new Set<Duplex>()
  const scripts = new Map<string, Serve>()
  const refusals = new Map<string, Refuse>()
  let expecting: ((socket: WebSocket) => void)[] = []
  const none = options.chooses === 'none' ? { handleProtocols: () => false as const } : {}
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 256 * 1024 * 1024, ...none })
  const plain = new Map<string, RequestListener>()
  const listener: RequestListener = (req, res) => (plain.get(req.url ?? '') ?? sayPlain)(req, res)
  const { tls } = options
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  server.on('upgrade', (req: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => undefined)
    connections.add(connection)
    connection.on('close', () => connections.delete(connection))
    const handshake = observe(req)
    const path = handshake.target.split('?')[0] ?? ''
    seen.push(handshake)
    const refuse = refusals.get(path)
    if (refuse !== undefined) return refuse(connection, handshake)
    sockets.handleUpgrade(req, connection, head, (socket) => {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => open.delete(socket))
      ;(scripts.get(path) ?? echo)(socket, handshake)
      for (const tell of expecting.splice(0)) tell(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    open,
    serve: (path, script) => void scripts.set(path, script),
    answer: (path, script) => void refusals.set(path, script),
    plainly: (target, listener) => void plain.set(target, listener),
    next: () => new Promise((resolve) => expecting.push(resolve)),
    last() {
      const last = seen.at(-1)
      if (last === undefined) throw new Error('no handshake has reached the upstream')
      return last
    },
    async stop() {
      expecting = []
      for (const connection of connections) connection.destroy()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const sayPlain: RequestListener = (_req, res) => void res.end('plain')
const echo: Serve = (socket) => void socket.on('message', (data, binary) => socket.send(data, { binary }))

function observe({ url = '', rawHeaders }: IncomingMessage): SeenHandshake {
  const values = (name: string) =>
    rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name.toLowerCase())
  return {
    target: url,
    rawHeaders,
    header: (name) => (values(name).length === 0 ? undefined : values(name).join(', ')),
    names: () => [...new Set(rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()))],
  }
}
