import type { RawData, WebSocket } from 'ws'

export interface Tally {
  messages: number
  bytes: number
}

/** Bytes that may wait for a slow reader before the sender is not read any more, and down to which they must go again. */
const HIGH = 262_144
const LOW = 65_536

/**
 * Passes messages on, whole, at the pace of who reads them: what waits in this process for one direction of one socket is
 * bounded by `HIGH`, one message and one read from the kernel.
 */
export function passMessages(from: WebSocket, to: WebSocket, tally: Tally, seen: () => void): void {
  const written = () => {
    if (from.isPaused && to.bufferedAmount <= LOW) from.resume()
  }
  from.on('message', (data: RawData, binary: boolean) => {
    // `nodebuffer`, which is the default, makes one Buffer of every message.
    if (!Buffer.isBuffer(data) || to.readyState !== to.OPEN) return
    tally.messages++
    tally.bytes += data.length
    seen()
    if (to.readyState !== to.OPEN) return
    to.send(data, { binary, compress: false }, written)
    if (to.bufferedAmount > HIGH) from.pause()
  })
}
