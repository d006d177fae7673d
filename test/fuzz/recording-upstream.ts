import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** One request as it reached an upstream. */
export interface Arrived {
  method: string
  target: string
  rawHeaders: readonly string[]
  rawTrailers: readonly string[]
  /** In latin1; undefined while it has not come whole. */
  body: string | undefined
  webSocket: boolean
}

export interface RecordingUpstream {
  readonly origin: string
  readonly host: string
  /** Everything that came since this was asked last. */
  take(): Arrived[]
  stop(): Promise<void>
}

/**
 * Remembers every request, and says who asked for what: the number of the request and the identity it came with. A request
 * may bring the bytes that it wants to be answered with.
 */
export async function startRecordingUpstream(): Promise<RecordingUpstream> {
  let arrived: Arrived[] = []
  const sockets = new WebSocketServer({ noServer: true })
  const record = (req: IncomingMessage, webSocket: boolean): Arrived => {
    const { method = '', url = '', rawHeaders } = req
    const one = { method, target: url, rawHeaders, rawTrailers: [], body: undefined, webSocket }
    arrived.push(one)
    return one
  }
  const server = createServer({ keepAliveTimeout: 30_000, maxHeaderSize: 65_536 }, (req, res) => {
    const one = record(req, false)
    req.on('error', () => undefined)
    const scripted = req.headers['x-answer']
    if (typeof scripted === 'string') {
      req.resume()
      res.socket?.end(Buffer.from(scripted, 'base64'))
      return
    }
    void echo(req, res, one)
  })
  server.on('upgrade', (req: IncomingMessage, socket, head) => {
    socket.on('error', () => undefined)
    record(req, true)
    sockets.handleUpgrade(req, socket, head, say)
  })
  server.on('clientError', (_error, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    take() {
      const taken = arrived
      arrived = []
      return taken
    },
    async stop() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function echo(req: IncomingMessage, res: ServerResponse, one: Arrived): Promise<void> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    return void res.destroy()
  }
  one.body = Buffer.concat(chunks).toString('latin1')
  one.rawTrailers = req.rawTrailers
  const number = /[?&]fz=(\w+)$/.exec(one.target)?.[1]
  res.writeHead(200, { 'Content-Type': 'application/json', 'X-Echo': number ?? 'none' })
  res.end(JSON.stringify({ number, user: req.headers['x-user-id'] ?? null }))
}

function say(socket: WebSocket): void {
  socket.on('error', () => undefined)
  socket.on('message', (data, binary) => socket.send(data, { binary }))
}
