import type { Express, RequestHandler, Router } from 'express'
import type { Guard } from './access/guards.ts'
import { GatewayError } from './platform/errors/gateway-error.ts'
import { contextOf } from './platform/observability/request-context.ts'

export interface Mount {
  /** One own endpoint; no guard, no mount. Other methods are 405. */
  endpoint(method: 'GET' | 'POST', path: string, guard: Guard, ...handlers: RequestHandler[]): void
  /** Everything below a path. */
  below(path: string, guard: Guard, ...handlers: (RequestHandler | Router)[]): void
  /** What has been mounted, as `GET /path/:id`; tests compare it with the description of the API. */
  endpoints(): string[]
}

export function createMount(app: Express): Mount {
  const labelled = (label: string): RequestHandler =>
    function label_(req, _res, next) {
      contextOf(req).route = label
      next()
    }
  const mounted: string[] = []
  return {
    endpoint(method, path, guard, ...handlers) {
      mounted.push(`${method} ${path}`)
      const allowed = method === 'GET' ? 'GET, HEAD' : method
      app[method === 'GET' ? 'get' : 'post'](path, labelled(path), guard, ...handlers)
      app.all(path, labelled(path), () => {
        throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: allowed } })
      })
    },
    below(path, guard, ...handlers) {
      // Express takes it for the path itself, but whoever wrote a policy for the path did not write one for this.
      app.all(`${path}/`, () => {
        throw new GatewayError('NOT_FOUND')
      })
      app.use(path, labelled(path), guard, ...handlers)
      mounted.push(...handlers.flatMap((handler) => endpointsOf(handler, path)))
    },
    endpoints: () => [...mounted],
  }
}

/** A router keeps its routes in a stack of layers; a layer without a route may hold a router of its own. */
function endpointsOf(handler: RequestHandler | Router, prefix: string): string[] {
  if (!('stack' in handler)) return []
  return handler.stack.flatMap(({ route, handle }) => {
    if (route === undefined) return endpointsOf(handle as RequestHandler | Router, prefix)
    const path = route.path === '/' ? prefix : prefix + route.path
    const methods = new Set(route.stack.map(({ method }) => method).filter((method) => method !== undefined))
    return [...methods].map((method) => `${method.toUpperCase()} ${path}`)
  })
}
