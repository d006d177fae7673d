import type { Express, RequestHandler, Router } from 'express'
import type { Guard } from './access/guards.ts'
import { GatewayError } from './platform/errors/gateway-error.ts'
import { contextOf } from './platform/observability/request-context.ts'

export interface Mount {
  /** One own endpoint; no guard, no mount. Other methods are 405. */
  endpoint(method: 'GET' | 'POST', path: string, guard: Guard, ...handlers: RequestHandler[]): void
  /** Everything below a path. */
  below(path: string, guard: Guard, ...handlers: (RequestHandler | Router)[]): void
}

export function createMount(app: Express): Mount {
  const labelled = (label: string): RequestHandler =>
    function label_(req, _res, next) {
      contextOf(req).route = label
      next()
    }
  return {
    endpoint(method, path, guard, ...handlers) {
      const allowed = method === 'GET' ? 'GET, HEAD' : method
      app[method === 'GET' ? 'get' : 'post'](path, labelled(path), guard, ...handlers)
      app.all(path, labelled(path), () => {
        throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: allowed } })
      })
    },
    below(path, guard, ...handlers) {
      app.use(path, labelled(path), guard, ...handlers)
    },
  }
}
