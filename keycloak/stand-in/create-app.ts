import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { createAdminRouter } from './admin/admin-router.ts'
import type { Clock } from './clock.ts'
import { KeycloakError, plainError } from './http/keycloak-error.ts'
import type { Journal } from './journal.ts'
import { pagePolicy, stylePath } from './pages/layout.ts'
import { styleSheet } from './pages/style-sheet.ts'
import { createRealmRouter } from './realm-router.ts'
import type { Realms } from './realms.ts'

const secure: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': pagePolicy,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-Robots-Tag': 'none',
  })
  next()
}

const refuseSemicolons: RequestHandler = (req, _res, next) => {
  if (req.path.includes(';')) throw plainError(400)
  next()
}

/** The one place that renders errors. What is not Keycloak's own answer is a fault of the stand-in, and is logged. */
const renderError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error)
  if (error instanceof KeycloakError) {
    res.status(error.status).set(error.headers)
    if (error.body === '') res.end()
    else res.json(error.body)
    return
  }
  const isRefusedBody = error instanceof Error && 'type' in error && error.type === 'entity.too.large'
  if (isRefusedBody) {
    res.status(413).json({ error: 'Request entity too large' })
    return
  }
  console.error(`Stand-in: ${req.method} ${req.path} failed.`, error)
  res.status(500).json({ error: 'unknown_error', error_description: 'For more on this error consult the server log.' })
}

/** The HTTP surface: realms, administration, the pages' style sheet, and 404 for all else. */
export function createApp(parts: { realms: Realms; clock: Clock; journal: Journal; publicUrl?: string }): Express {
  const { realms, clock, journal, publicUrl } = parts
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(secure, journal.middleware, refuseSemicolons)
  app.get('/', (_req, res) => res.redirect('/realms/master'))
  app.get(stylePath, (_req, res) => void res.type('css').set('Cache-Control', 'max-age=3600').send(styleSheet))
  // With an address of its own, back-channel endpoints are announced wherever they were asked for.
  const askedAt = (host: string | undefined) => (host ? `http://${host}` : '')
  app.use(
    '/realms',
    createRealmRouter(realms.live, clock, (req) => askedAt(req.headers.host) || (publicUrl ?? '')),
  )
  app.use('/admin/realms', createAdminRouter(realms, clock))
  app.use(() => {
    throw new KeycloakError(404, { error: 'Unable to find matching target resource method' })
  })
  app.use(renderError)
  return app
}
