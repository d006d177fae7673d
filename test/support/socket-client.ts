import { WebSocket } from 'ws'
import { failOnSilentRejections } from './no-silent-rejections.ts'

/** One side of an open WebSocket, for a story to be told with. */
export interface TestSocket {
  readonly protocol: string
  readonly extensions: string
  /** The fields of the answer that opened it. */
  readonly answer: Record<string, string | string[] | undefined>
  say(message: string | Buffer): void
  /** The next message, as text or bytes. */
  hears(): Promise<string | Buffer>
  /** How it was closed. */
  readonly closed: Promise<{ code: number; reason: string }>
  readonly ws: WebSocket
}

/** What came instead of a WebSocket. */
export class NotOpened extends Error {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string

  constructor(status: number, headers: NotOpened['headers'], body: string) {
    super(`the socket was not opened: ${status} ${body}`)
    this.status = status
    this.headers = headers
    this.body = body
  }
}

export interface OpenOptions {
  headers?: Record<string, string | string[]>
  protocols?: string[]
  /** Whom to believe behind TLS. */
  ca?: string
}

/** Opens a WebSocket as a program does; rejects with what came instead. */
export async function openSocket(
  url: string,
  { headers = {}, protocols = [], ca }: OpenOptions = {},
): Promise<TestSocket> {
  failOnSilentRejections()
  const ws = new WebSocket(url.replace(/^http/, 'ws').replace('//localhost', '//127.0.0.1'), protocols, {
    headers: { Host: new URL(url).host, ...(headers as Record<string, string>) },
    ...(ca === undefined ? {} : { ca }),
    perMessageDeflate: true,
    maxPayload: 256 * 1024 * 1024,
  })
  const heard: (string | Buffer)[] = []
  const waiting: ((message: string | Buffer) => void)[] = []
  ws.on('message', (data, binary) => {
    const message = binary ? (data as Buffer) : String(data)
    const next = waiting.shift()
    if (next === undefined) heard.push(message)
    else next(message)
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  let answer: TestSocket['answer'] = {}
  ws.on('upgrade', (response) => {
    answer = response.headers
  })
  await new Promise<void>((resolve, reject) => {
    ws.on('open', resolve)
    ws.on('error', reject)
    ws.on('unexpected-response', (_request, response) => {
      response
        .toArray()
        .then((parts) => reject(new NotOpened(response.statusCode ?? 0, response.headers, parts.join(''))), reject)
        .finally(() => ws.terminate())
    })
  })
  return {
    ws,
    protocol: ws.protocol,
    extensions: ws.extensions,
    answer,
    closed,
    say: (message) => ws.send(message),
    hears: () => {
      const early = heard.shift()
      return early === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(early)
    },
  }
}

/** What came instead of a socket; fails when one was opened. */
export async function refusedSocket(url: string, options: OpenOptions = {}): Promise<NotOpened> {
  const opened = await openSocket(url, options).catch((error: unknown) => error)
  if (opened instanceof NotOpened) return opened
  if (opened instanceof Error) throw opened
  ;(opened as TestSocket).ws.terminate()
  throw new Error('the socket was opened')
}
