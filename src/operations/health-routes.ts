import type { RequestHandler } from 'express'
import type { Readiness } from '../platform/observability/readiness.ts'

/** `GET /health`: the process lives; nothing else is asked. */
export const health: RequestHandler = function health(_req, res) {
  res.setHeader('Cache-Control', 'no-store')
  res.json({ status: 'ok' })
}

/** `GET /ready`: 200 when every required dependency answers, else 503; each one's state either way. */
export function ready(readiness: () => Promise<Readiness>, isStopping: () => boolean): RequestHandler {
  return async function ready(_req, res) {
    const { ready: able, dependencies } = await readiness()
    const status = able && !isStopping() ? 'ready' : 'not-ready'
    res.setHeader('Cache-Control', 'no-store')
    res
      .status(status === 'ready' ? 200 : 503)
      .json({ status, ...(isStopping() ? { stopping: true } : {}), dependencies })
  }
}
