import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import type { SessionCookie } from '../identity/session/session-cookie.ts'
import type { SessionStore } from '../identity/session/session-store.ts'

export interface SessionMiddlewareParts {
  store: SessionStore
  cookie: SessionCookie
  secrets: readonly string[]
  sameSite: 'strict' | 'lax'
}

/**
 * express-session for the two moments that create and destroy sessions; every other request reads its session without it.
 * Nothing is written for anonymous visitors, and nothing is written back that was not changed.
 */
export function createSessionLoader({ store, cookie, secrets, sameSite }: SessionMiddlewareParts) {
  const middleware: RequestHandler = session({
    name: cookie.name,
    secret: [...secrets],
    store: store.express,
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, secure: cookie.secure, sameSite, path: '/' },
  })
  return function loadSession(req: Request, res: Response): Promise<void> {
    // Whether the site is https is known from PUBLIC_URL; what a proxy in front says is not needed for it.
    Object.defineProperty(req, 'secure', { value: cookie.secure, configurable: true })
    return new Promise((resolve, reject) =>
      middleware(req, res, (error?: unknown) => (error ? reject(error) : resolve())),
    )
  }
}
