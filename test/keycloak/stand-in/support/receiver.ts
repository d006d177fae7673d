import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, decodeProtectedHeader } from 'jose'

/** A logout token that arrived, and how. */
export type LogoutCall = {
  path: string
  headers: IncomingHttpHeaders
  fields: string[]
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

/** Plays the clients that a provider tells about logouts. */
export type Receiver = {
  url: string
  calls: LogoutCall[]
  /** What the next calls are answered with, until told otherwise; 0 hangs up. */
  answerWith(status: number): void
  stop(): Promise<void>
}

/** Listens on any free port of the loopback interface. */
export async function startReceiver(): Promise<Receiver> {
  const calls: LogoutCall[] = []
  let status = 200
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const token = form.get('logout_token') ?? ''
    const header = { ...decodeProtectedHeader(token) }
    calls.push({
      path: req.url ?? '',
      headers: req.headers,
      fields: [...form.keys()],
      header,
      claims: decodeJwt(token),
    })
    if (status === 0) res.destroy()
    else res.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answerWith: (next) => {
      status = next
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
