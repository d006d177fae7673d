import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { callerOf, requireToken } from './caller.ts'
import { createEventStream } from './event-stream.ts'
import { createOrderBook } from './order-book.ts'

export type DemoApiOptions = {
  /** 0, the default, takes any free port. */
  port?: number
  host?: string
  /** Milliseconds between two events of `/events`. */
  tickInterval?: number
}

export type DemoApi = { url: string; stop(): Promise<void> }

const page = fileURLToPath(new URL('./page', import.meta.url))
const pagePolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

const renderError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = Number(error?.status)
  const isCallers = status >= 400 && status < 500
  if (!isCallers) console.error('Demo API: a request failed.', error)
  res.status(isCallers ? status : 500).json({
    error: isCallers ? 'bad_request' : 'internal_error',
    message: isCallers ? 'The body is not the JSON this API reads.' : 'The demo API failed; its log says why.',
  })
}

function mountOrders(app: Express) {
  const orders = createOrderBook()
  app.get('/orders', requireToken, (_req, res) => void res.json({ orders: orders.all() }))
  app.get('/orders/:id', requireToken, (req, res) => {
    const order = orders.find(String(req.params.id))
    if (order) res.json({ order })
    else res.status(404).json({ error: 'order_not_found', message: `There is no order ${req.params.id}.` })
  })
  app.post('/orders', requireToken, express.json({ limit: '10kb' }), (req, res) => {
    const { name, id } = callerOf(req)
    const result = orders.place(req.body, name ?? id ?? 'unknown')
    if ('order' in result) res.status(201).location(`/orders/${result.order.id}`).json(result)
    else res.status(422).json({ error: 'order_invalid', message: 'The order cannot be placed.', ...result })
  })
}

function createApp(tickInterval: number): Express {
  const app = express()
  app.disable('x-powered-by')
  app.get('/health', (_req, res) => void res.json({ status: 'ok' }))
  mountOrders(app)
  app.get('/whoami', requireToken, (req, res) => void res.json(callerOf(req)))
  app.get('/events', requireToken, createEventStream(tickInterval))
  app.use((_req, res, next) => {
    res.set({ 'Content-Security-Policy': pagePolicy, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-cache' })
    next()
  })
  app.use(express.static(page))
  app.use((req, res) => {
    res.status(404).json({ error: 'not_found', message: `Nothing is at ${req.path} here. The demo page is at /.` })
  })
  app.use(renderError)
  return app
}

/**
 * Starts the small API behind the demo gateway: orders, who is calling, a stream of events, and the demo page itself.
 * @throws when the port is taken (`EADDRINUSE`)
 */
export async function createDemoApi({
  port = 0,
  host = '127.0.0.1',
  tickInterval = 1000,
}: DemoApiOptions = {}): Promise<DemoApi> {
  const server = createServer(createApp(tickInterval))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

async function runAlone() {
  const { PORT = '9001', HOST = '127.0.0.1' } = process.env
  const api = await createDemoApi({ port: Number(PORT), host: HOST }).catch((error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE'
    console.error(
      isTaken ? `Port ${PORT} is taken. Set PORT to a free one.` : `The demo API cannot start: ${error.message}`,
    )
    process.exit(1)
  })
  console.log(`The demo API answers at ${api.url}. Press Ctrl-C to stop.`)
  const stop = () => void api.stop().then(() => process.exit(0))
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

if (import.meta.main) await runAlone()
