import { type IncomingMessage, ServerResponse } from 'node:http'

/** Milliseconds in which a client may take an answer before the connection is cut. */
const LINGER_MS = 1_000

/**
 * An answer in HTTP for a connection that node:http has let go of for an upgrade, so that a refusal is written by the same
 * functions as any other. The connection ends with it: what comes behind a refused handshake is nobody's request.
 */
export function createUpgradeAnswer(req: IncomingMessage): ServerResponse {
  const { socket } = req
  const res = new ServerResponse(req)
  res.shouldKeepAlive = false
  res.assignSocket(socket)
  res.once('finish', () => {
    // Bytes that nobody reads would turn the end into a reset, and the answer would be lost.
    socket.resume()
    socket.end()
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  })
  return res
}
