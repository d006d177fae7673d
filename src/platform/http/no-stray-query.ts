import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { Operation } from './operation.ts'
import { readQuery } from './read-input.ts'

const nothing = z.strictObject({})

/**
 * Refuses a query where none is read: what is passed over without a word was meant to do something.
 * @param below where this is mounted, as the operations write it, such as `{prefix}/admin`
 * @throws GatewayError INVALID_REQUEST naming every parameter
 */
export function noStrayQuery(operations: readonly Operation[], below: string): RequestHandler {
  const silent = operations
    .filter(({ path, query }) => path.startsWith(`${below}/`) && query === undefined)
    .map(({ method, path }) => ({ method, path: patternOf(path.slice(below.length)) }))
  return function refuseStrayQuery(req, _res, next) {
    if (req.originalUrl.includes('?')) {
      const asked = req.method === 'HEAD' ? 'get' : req.method.toLowerCase()
      if (silent.some(({ method, path }) => method === asked && path.test(req.path))) readQuery(nothing, req)
    }
    next()
  }
}

/** Of a path whose parameters are whole segments. */
function patternOf(path: string): RegExp {
  const segments = path.split('/').map((segment) => (segment.startsWith('{') ? '[^/]+' : segment))
  return new RegExp(`^${segments.join('/')}$`)
}
