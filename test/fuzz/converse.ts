import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

export interface Talk {
  /** What is sent, cut into pieces. */
  pieces: readonly Buffer[]
  /** Sent after the answer to a handshake. */
  frames: readonly Buffer[]
  leaves: 'at the end' | 'in the middle'
  /** The last request asks for the end of the connection, so there is no need to tell when it is over. */
  endsItself: boolean
}

export interface Heard {
  bytes: Buffer
  /** The gateway never let go of the connection. */
  hung: boolean
}

/** Quiet for so long, the client says that it has nothing more to say. */
const QUIET_MS = 60
const LATE_MS = 15
const PATIENCE_MS = 30_000

/** Says it all on one connection and listens to the end. */
export async function converse(port: number, { pieces, frames, leaves, endsItself }: Talk): Promise<Heard> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const chunks: Buffer[] = []
  let heardAt = Date.now()
  let over = false
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    heardAt = Date.now()
  })
  const end = () => {
    over = true
  }
  socket.on('error', end).on('close', end).on('end', end)
  await once(socket, 'connect')

  const told = leaves === 'in the middle' ? pieces.slice(0, Math.ceil(pieces.length / 2)) : pieces
  await say(socket, told, () => over)
  if (leaves === 'in the middle') {
    socket.resetAndDestroy()
    // What was on its way to an upstream shall arrive before it is judged.
    await new Promise((resolve) => setTimeout(resolve, LATE_MS))
    return { bytes: Buffer.concat(chunks), hung: false }
  }
  if (frames.length > 0) {
    await until(() => over || Buffer.concat(chunks).includes('\r\n\r\n'), PATIENCE_MS)
    if (/^HTTP\/1\.1 101 /.test(Buffer.concat(chunks).toString('latin1'))) await say(socket, frames, () => over)
  }
  const started = Date.now()
  await until(() => over || (!endsItself && Date.now() - Math.max(heardAt, started) > QUIET_MS), PATIENCE_MS)
  if (!over) socket.end()
  await until(() => over, PATIENCE_MS)
  socket.destroy()
  return { bytes: Buffer.concat(chunks), hung: !over }
}

async function say(socket: Socket, pieces: readonly Buffer[], isOver: () => boolean): Promise<void> {
  for (const piece of pieces) {
    if (isOver() || !socket.writable) return
    socket.write(piece)
    // Each piece shall be a packet of its own.
    await turn()
    await turn()
  }
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs
  for (let round = 0; !condition() && Date.now() < deadline; round++)
    await new Promise((resolve) => setTimeout(resolve, round < 20 ? 1 : 5))
}
