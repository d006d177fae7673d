import { once } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { failOnSilentRejections } from './no-silent-rejections.ts'
import { composeRequest, parseHead, type RawAnswer, type RawHead, type RawRequest } from './raw-messages.ts'

type Sendable = RawRequest | string | Buffer

export interface RawConnection {
  send(request: Sendable): void
  /** The same, and resolves when the other side has taken it. */
  push(bytes: Buffer): Promise<void>
  /** The next whole answer; `to: 'HEAD'` when it has no body whatever its fields say. Rejects when it breaks off. */
  answer(options?: { to?: string }): Promise<RawAnswer>
  /** Only the status line and the fields of the next answer; what follows is read with `until`. */
  head(): Promise<RawHead>
  /** Everything up to and with this text, in latin1. */
  until(text: string): Promise<string>
  /** Everything that comes until the other side closes, however it does it; in latin1. */
  rest(): Promise<string>
  /** Resolves once the other side has closed, with how it did it. */
  closed(): Promise<'ended' | 'reset'>
  /** Whether another request on this connection is answered. */
  servesAnother(): Promise<boolean>
  /** Stops taking bytes from the kernel. */
  pause(): void
  /** Takes bytes again, and from now on only counts them. */
  discard(): void
  received(): number
  /** Resolves when so many bytes have come. */
  receives(bytes: number): Promise<void>
  destroy(): void
}

/** A client that speaks TCP, or TLS: no address is normalised, no header checked, no answer interpreted more than framing needs. */
export function rawClient(port: number, host = `localhost:${port}`, tls?: ConnectionOptions) {
  failOnSilentRejections()
  const write = (request: Sendable) =>
    typeof request === 'string'
      ? Buffer.from(request, 'latin1')
      : Buffer.isBuffer(request)
        ? request
        : composeRequest(host, request)

  async function connect(): Promise<RawConnection> {
    const to = { port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }
    const socket = tls === undefined ? connectSocket(to) : connectTls({ servername: 'localhost', ...to, ...tls })
    await once(socket, tls === undefined ? 'connect' : 'secureConnect')
    return createConnection(socket, write)
  }

  return {
    write,
    connect,
    /** One request on a connection of its own. */
    async ask(request: Sendable): Promise<RawAnswer> {
      const connection = await connect()
      try {
        connection.send(request)
        return await connection.answer({ to: write(request).toString('latin1').split(' ')[0] ?? '' })
      } finally {
        connection.destroy()
      }
    },
  }
}

export type RawClient = ReturnType<typeof rawClient>

function createConnection(socket: Socket, write: (request: Sendable) => Buffer): RawConnection {
  const incoming = readSocket(socket)
  const { upTo, exactly } = incoming

  async function head(): Promise<RawHead> {
    const interim: number[] = []
    for (;;) {
      const found = parseHead((await upTo('\r\n\r\n')).toString('latin1'), interim)
      if (found.status >= 200 || found.status === 101) return found
      interim.push(found.status)
    }
  }

  async function chunked(): Promise<Buffer> {
    const parts: Buffer[] = []
    for (;;) {
      const size = Number.parseInt((await upTo('\r\n')).toString('latin1'), 16)
      if (Number.isNaN(size)) throw new Error('the answer has a broken chunk size')
      if (size === 0) break
      parts.push(await exactly(size))
      await upTo('\r\n')
    }
    while ((await upTo('\r\n')).length > 2);
    return Buffer.concat(parts)
  }

  function bodyOf(answer: RawHead, to: string): Promise<Buffer> {
    const length = answer.header('content-length')
    if (to === 'HEAD' || answer.status === 204 || answer.status === 304) return exactly(0)
    if (/chunked/i.test(answer.header('transfer-encoding') ?? '')) return chunked()
    return length === undefined ? incoming.rest() : exactly(Number(length))
  }

  async function answer({ to = 'GET' } = {}): Promise<RawAnswer> {
    const top = await head()
    const body = await bodyOf(top, to)
    const text = () => body.toString('utf8')
    return { ...top, body, text, json: () => JSON.parse(text()) }
  }

  return {
    send: (request) => void socket.write(write(request)),
    async push(bytes) {
      if (!socket.write(bytes)) await once(socket, 'drain')
    },
    head,
    answer,
    until: async (text) => (await upTo(text)).toString('latin1'),
    rest: async () => (await incoming.all()).toString('latin1'),
    closed: incoming.closed,
    servesAnother() {
      socket.write(write({ target: '/health' }))
      return answer().then(
        () => true,
        () => false,
      )
    },
    pause: () => void socket.pause(),
    discard: incoming.discard,
    received: incoming.received,
    receives: incoming.receives,
    destroy: () => void socket.destroy(),
  }
}

/** What a socket brought, handed out by demand. */
function readSocket(socket: Socket) {
  let waiting = Buffer.alloc(0)
  let count = 0
  let keep = true
  let end: 'ended' | 'reset' | undefined
  let wake: () => void = () => undefined

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (end !== undefined)
        throw new Error(`the answer broke off (${end}) after ${waiting.toString('latin1').slice(-500)}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
  }
  function over(how: 'ended' | 'reset'): void {
    end ??= how
    wake()
  }
  function take(length: number): Buffer {
    const taken = waiting.subarray(0, length)
    waiting = waiting.subarray(length)
    return taken
  }
  socket.on('data', (chunk: Buffer) => {
    count += chunk.length
    if (keep) waiting = Buffer.concat([waiting, chunk])
    wake()
  })
  socket.on('end', () => over('ended'))
  socket.on('error', () => over('reset'))
  socket.on('close', () => over('reset'))

  return {
    async upTo(text: string): Promise<Buffer> {
      const at = () => waiting.indexOf(text, 0, 'latin1')
      await until(() => at() >= 0)
      return take(at() + text.length)
    },
    async exactly(length: number): Promise<Buffer> {
      await until(() => waiting.length >= length)
      return take(length)
    },
    async rest(): Promise<Buffer> {
      await until(() => end === 'ended')
      return take(waiting.length)
    },
    async all(): Promise<Buffer> {
      await until(() => end !== undefined)
      return take(waiting.length)
    },
    async closed(): Promise<'ended' | 'reset'> {
      await until(() => end !== undefined)
      return end ?? 'ended'
    },
    discard() {
      keep = false
      waiting = Buffer.alloc(0)
      socket.resume()
    },
    received: () => count,
    receives: (bytes: number) => until(() => count >= bytes),
  }
}
