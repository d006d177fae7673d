import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'

/** Stands between gateways and their provider, counts refreshes and may lose an answer. */
export interface TokenProxy {
  readonly url: string
  /** Where it leads to; 503 until it is told. */
  target: string | undefined
  /** How many refreshes have reached the provider. */
  refreshes(): number
  /** The provider carries out the next refresh, but its answer is lost on the way. */
  loseNextAnswer(): void
  close(): Promise<void>
}

const CONNECTION = ['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']

export async function startTokenProxy(): Promise<TokenProxy> {
  let refreshes = 0
  let losing = false

  async function forward(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (proxy.target === undefined) return void res.writeHead(503).end()
    const chunks: Buffer[] = []
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const isRefresh = new URLSearchParams(body.toString()).get('grant_type') === 'refresh_token'
    if (isRefresh) refreshes++
    const headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => !CONNECTION.includes(name)))
    const method = req.method as 'GET'
    const answer = await request(proxy.target + req.url, { method, headers, body: body.length === 0 ? null : body })
    const text = await answer.body.text()
    if (isRefresh && losing) {
      losing = false
      return void res.destroy()
    }
    const { 'transfer-encoding': _, connection: __, ...fields } = answer.headers
    res.writeHead(answer.statusCode, fields).end(text)
  }

  const server = createServer((req, res) => void forward(req, res).catch(() => res.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: TokenProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: undefined,
    refreshes: () => refreshes,
    loseNextAnswer() {
      losing = true
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return proxy
}
