import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

export interface RecordedCall {
  method: string
  url: string
  headers: IncomingMessage['headers']
}

/** The API behind the gateway: answers JSON and remembers what reached it; streams, and says back what it hears on WebSockets. */
export interface RecordingApi {
  readonly url: string
  readonly calls: RecordedCall[]
  last(): RecordedCall
  close(): Promise<void>
}

export async function startRecordingApi(): Promise<RecordingApi> {
  const calls: RecordedCall[] = []
  const server = createServer((req, res) => {
    calls.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers })
    if (req.headers.accept === 'text/event-stream') {
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: hello\n\n')
      return
    }
    const html = (req.headers.accept ?? '').includes('text/html')
    res.writeHead(200, { 'content-type': html ? 'text/html' : 'application/json' })
    res.end(
      html ? '<!doctype html><title>The orders</title><h1 id="orders">Orders</h1>' : JSON.stringify({ orders: [7] }),
    )
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, req) => {
    calls.push({ method: 'GET', url: req.url ?? '', headers: req.headers })
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    last() {
      const call = calls.at(-1)
      if (call === undefined) throw new Error('nothing has reached the API')
      return call
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
