import { createServer, type Server } from 'node:http'
import type { Metrics } from '../platform/observability/metrics.ts'

/** The management port: Prometheus metrics and liveness, never on the public listener. */
export function createManagementServer(metrics: Metrics): Server {
  return createServer((req, res) => {
    if (req.method !== 'GET' || (req.url !== '/metrics' && req.url !== '/health')) {
      res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Only GET /metrics and GET /health are here.\n')
      return
    }
    if (req.url === '/health') {
      res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"ok"}')
      return
    }
    metrics.expose().then(
      ({ contentType, text }) =>
        res.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' }).end(text),
      () => res.writeHead(500).end(),
    )
  })
}
