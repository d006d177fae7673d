import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { failOnSilentRejections } from './no-silent-rejections.ts'

/** One request as the upstream saw it. */
export interface SeenRequest {
  readonly method: string
  /** The request target, byte for byte. */
  readonly target: string
  /** Name, value, name, value … as they came. */
  readonly rawHeaders: readonly string[]
  /** All values of a field, whatever the case of its name. */
  values(name: string): string[]
  header(name: string): string | undefined
  /** Lower-case names of all fields, without repetition. */
  names(): string[]
  /** The body, once all of it is there; rejects when it breaks off. */
  body(): Promise<Buffer>
  /** Resolves when the exchange is over: answered, or cut off by the caller before that. */
  readonly over: Promise<'answered' | 'cut off'>
  readonly socket: Socket
  /** `1.1` or `2.0`. */
  readonly version: string
  /** The body as it comes, for who reads it piece by piece. */
  readonly stream: Readable
}

/** How the upstream answers; the body is left unread unless the script asks for it. */
export type Script = (seen: SeenRequest, res: ServerResponse) => void | Promise<void>

export interface EchoUpstream {
  readonly origin: string
  readonly port: number
  /** Everything it was asked, in order. */
  readonly seen: readonly SeenRequest[]
  /** Answers requests for this path (without the query) so; everything else is echoed. */
  on(path: string, script: Script): void
  /** The next request to arrive. */
  next(): Promise<SeenRequest>
  /** The last request that arrived. */
  last(): SeenRequest
  forget(): void
  /** Open at the moment. */
  connections(): number
  stop(): Promise<void>
}

export interface EchoOptions {
  /** Behind TLS; on `localhost`, because certificates are for names. */
  tls?: TlsOptions
  /** Offers HTTP/2, too, or nothing else. */
  http2?: boolean | 'only'
}

/** An upstream in this process: a real HTTP server that remembers what it saw and answers as it is told, else with an echo. */
export async function startEchoUpstream({ tls, http2 = false }: EchoOptions = {}): Promise<EchoUpstream> {
  failOnSilentRejections()
  const seen: SeenRequest[] = []
  const scripts = new Map<string, Script>()
  let expecting: ((request: SeenRequest) => void)[] = []

  const listener = (req: IncomingMessage, res: ServerResponse) => {
    const request = observe(req, res)
    seen.push(request)
    const waiting = expecting
    expecting = []
    for (const tell of waiting) tell(request)
    const script = scripts.get(request.target.split('?')[0] ?? '') ?? echo
    Promise.resolve(script(request, res)).catch(() => res.destroy())
  }
  const patient = { keepAliveTimeout: 30_000 }
  const server =
    tls === undefined
      ? createServer(patient, listener)
      : http2 === false
        ? createTlsServer({ ...patient, ...tls }, listener)
        : createSecureServer({ ...tls, allowHTTP1: http2 !== 'only' }, listener as never)
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    origin: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    connections: () => connections.size,
    port,
    seen,
    on: (path, script) => void scripts.set(path, script),
    next: () => new Promise((resolve) => expecting.push(resolve)),
    last() {
      const last = seen.at(-1)
      if (last === undefined) throw new Error('nothing has reached the upstream')
      return last
    },
    forget: () => void seen.splice(0),
    async stop() {
      server.close()
      const closed = once(server, 'close')
      for (const connection of connections) connection.destroy()
      await closed
    },
  }
}

const echo: Script = async (seen, res) => {
  const body = await seen.body()
  const { method, target, rawHeaders } = seen
  res.writeHead(200, { 'Content-Type': 'application/json' })
  res.end(JSON.stringify({ method, target, rawHeaders, body: body.toString('base64') }))
}

/** Ready-made scripts. */
export const answers = {
  /** A status with fields (flat list, repetitions allowed) and a body with its length. */
  with:
    (status: number, headers: readonly string[] = [], body = ''): Script =>
    (_seen, res) => {
      const length = status === 204 || status === 304 ? [] : ['Content-Length', String(Buffer.byteLength(body))]
      res.writeHead(status, [...headers, ...length])
      res.end(body)
    },
  /** These bytes and nothing else, then the connection is closed. */
  bytes:
    (text: string): Script =>
    ({ socket }) =>
      void socket.end(Buffer.from(text, 'latin1')),
  /** These bytes, and then the connection breaks. */
  brokenAfter:
    (text: string): Script =>
    ({ socket }) =>
      void socket.write(Buffer.from(text, 'latin1'), () => socket.resetAndDestroy()),
  hangingUp: ({ socket }: SeenRequest) => void socket.resetAndDestroy(),
  /** Never. */
  nothing: () => undefined,
}

function observe(req: IncomingMessage, res: ServerResponse): SeenRequest {
  const { method = '', url = '' } = req
  const rawHeaders = req.httpVersionMajor === 2 ? asHttp1(req.rawHeaders) : req.rawHeaders
  let whole: Promise<Buffer> | undefined
  const over = new Promise<'answered' | 'cut off'>((resolve) => {
    res.once('close', () => resolve(res.writableFinished ? 'answered' : 'cut off'))
  })
  const values = (name: string) =>
    rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name.toLowerCase())
  return {
    method,
    target: url,
    rawHeaders,
    values,
    header: (name) => (values(name).length === 0 ? undefined : values(name).join(', ')),
    names: () => [...new Set(rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()))],
    body: () => (whole ??= readWhole(req)),
    over,
    socket: req.socket,
    version: req.httpVersion,
    stream: req,
  }
}

/** What HTTP/2 says of a request beside its fields, as HTTP/1.1 says it. */
function asHttp1(rawHeaders: readonly string[]): string[] {
  const named = rawHeaders.map((item, i) => (i % 2 === 0 && item === ':authority' ? 'host' : item))
  return named.filter((_, i) => named[i - (i % 2)]?.startsWith(':') === false)
}

async function readWhole(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
