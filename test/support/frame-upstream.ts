import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'

/** A frame of HTTP/2 (RFC 9113 section 4.1). */
export interface Frame {
  readonly type: keyof typeof TYPES
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export interface FrameConnection {
  /** Its number among all connections, from 0. */
  readonly number: number
  send(type: Frame['type'], stream: number, payload?: Buffer | number, flags?: number): void
  destroy(): void
}

export interface FrameUpstream {
  readonly origin: string
  /** Frames that came, as `1 HEADERS`, `1 DATA END`, `1 RST 8`; those of all connections, without settings and windows. */
  readonly log: string[]
  readonly connections: () => number
  /** Its first connection does not even answer pings. */
  deaf: boolean
  /** Called for each frame of a request. */
  script: (frame: Frame, connection: FrameConnection) => void
  stop(): Promise<void>
}

const TYPES = { DATA: 0, HEADERS: 1, RST: 3, SETTINGS: 4, PING: 6, GOAWAY: 7, WINDOW: 8 } as const
const NAMES = new Map<number, Frame['type']>(Object.entries(TYPES).map(([name, type]) => [type, name as Frame['type']]))
const PREFACE = 24
/** HPACK's number 8 of the static table, `:status: 200`. */
export const STATUS_200 = Buffer.from([0x88])
export const END_STREAM = 1
export const END_HEADERS = 4

/** An upstream that speaks HTTP/2 frame by frame, so that it can say what no library would. */
export async function startFrameUpstream(tls: TlsOptions): Promise<FrameUpstream> {
  const log: string[] = []
  const open = new Set<TLSSocket>()
  let count = 0
  const server = createServer({ ...tls, ALPNProtocols: ['h2'] }, (socket) => {
    const connection = connectionOn(socket, count++)
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    connection.send('SETTINGS', 0)
    readFrames(socket, (frame) => {
      if (frame.type === 'SETTINGS' && (frame.flags & 1) === 0) connection.send('SETTINGS', 0, Buffer.alloc(0), 1)
      if (frame.type === 'PING' && (frame.flags & 1) === 0 && !(upstream.deaf && connection.number === 0))
        connection.send('PING', 0, frame.payload, 1)
      if (frame.type === 'SETTINGS' || frame.type === 'WINDOW' || frame.type === 'PING') return
      log.push(describe(frame))
      upstream.script(frame, connection)
    })
  })
  server.listen(0)
  await once(server, 'listening')
  const upstream: FrameUpstream = {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    log,
    connections: () => count,
    deaf: false,
    script: () => undefined,
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return upstream
}

function connectionOn(socket: TLSSocket, number: number): FrameConnection {
  return {
    number,
    send(type, stream, payload = Buffer.alloc(0), flags = 0) {
      const content = typeof payload === 'number' ? uint32(payload) : payload
      const head = Buffer.alloc(9)
      head.writeUIntBE(content.length, 0, 3)
      head[3] = TYPES[type]
      head[4] = flags
      head.writeUInt32BE(stream, 5)
      socket.write(Buffer.concat([head, content]))
    },
    destroy: () => void socket.destroy(),
  }
}

function readFrames(socket: TLSSocket, onFrame: (frame: Frame) => void): void {
  let waiting = Buffer.alloc(0)
  let skipped = false
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
    if (!skipped && waiting.length >= PREFACE) {
      waiting = waiting.subarray(PREFACE)
      skipped = true
    }
    while (skipped && waiting.length >= 9) {
      const end = 9 + waiting.readUIntBE(0, 3)
      if (waiting.length < end) return
      const type = NAMES.get(waiting[3] ?? -1)
      const [flags = 0, stream] = [waiting[4], waiting.readUInt32BE(5)]
      const payload = Buffer.from(waiting.subarray(9, end))
      waiting = waiting.subarray(end)
      if (type !== undefined) onFrame({ type, flags, stream, payload })
    }
  })
}

function describe({ type, flags, stream, payload }: Frame): string {
  const ends = (type === 'DATA' || type === 'HEADERS') && (flags & END_STREAM) !== 0 ? ' END' : ''
  return `${stream} ${type}${ends}${type === 'RST' ? ` ${payload.readUInt32BE(0)}` : ''}`
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i)
  return bytes
}
