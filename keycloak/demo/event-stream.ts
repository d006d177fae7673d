import type { RequestHandler } from 'express'

/**
 * `GET /events`: server-sent events, a tick at once and then one every `interval` milliseconds, until the caller leaves.
 * Shows that the gateway hands streams on without holding them back.
 */
export function createEventStream(interval: number): RequestHandler {
  return (_req, res) => {
    let count = 0
    const tick = () => {
      count += 1
      res.write(`id: ${count}\nevent: tick\ndata: ${JSON.stringify({ count, at: new Date().toISOString() })}\n\n`)
    }
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    tick()
    const timer = setInterval(tick, interval)
    res.once('close', () => clearInterval(timer))
  }
}
