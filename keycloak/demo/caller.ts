import type { Request, RequestHandler } from 'express'

/** Who calls, as the gateway says in its headers. The token itself is never kept, shown or logged. */
export type Caller = {
  id: string | null
  name: string | null
  roles: string[]
  tenant: string | null
  requestId: string | null
  /** Whether an `Authorization: Bearer` header came along. */
  tokenArrived: boolean
}

function decoded(value: string | undefined): string | null {
  if (value === undefined) return null
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Reads the gateway's identity headers. They are percent-encoded where a character would not fit into a header. */
export function callerOf(req: Request): Caller {
  const roles = (req.get('x-user-roles') ?? '').split(',').filter(Boolean)
  return {
    id: decoded(req.get('x-user-id')),
    name: decoded(req.get('x-user-name')),
    roles: roles.map((role) => decoded(role) ?? role),
    tenant: decoded(req.get('x-tenant-id')),
    requestId: decoded(req.get('x-request-id')),
    tokenArrived: hasToken(req),
  }
}

const hasToken = (req: Request) => /^bearer \S+$/i.test(req.get('authorization') ?? '')

/** Lets only calls with a bearer token through: whoever comes past the gateway has none. */
export const requireToken: RequestHandler = (req, res, next) => {
  if (hasToken(req)) return next()
  res.status(401).set('WWW-Authenticate', 'Bearer realm="orders"').json({
    error: 'token_missing',
    message: 'This API wants an access token. Call it through the gateway, which attaches one.',
  })
}
