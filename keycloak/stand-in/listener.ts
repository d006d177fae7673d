import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A port that can be left and taken again while everything behind it stays. */
export type Listener = {
  /** The port in use, also after {@link Listener.close}. */
  port(): number
  serve(handler: RequestListener): void
  /** Ends every connection and refuses new ones. */
  close(): Promise<void>
  /** Takes the same port again. */
  reopen(): Promise<void>
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/**
 * Starts to listen; until {@link Listener.serve} every request is answered with 503.
 * @param port 0 for any free one
 * @throws the system's error, such as `EADDRINUSE`
 */
export async function createListener(port: number, host: string): Promise<Listener> {
  let handler: RequestListener = (_req, res) => void res.writeHead(503, { 'Retry-After': '1' }).end()
  const start = () => createServer((req, res) => handler(req, res))
  let server = start()
  await listen(server, port, host)
  const taken = (server.address() as AddressInfo).port

  return {
    port: () => taken,
    serve: (next) => {
      handler = next
    },
    async close() {
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
    async reopen() {
      if (server.listening) return
      server = start()
      await listen(server, taken, host)
    },
  }
}
