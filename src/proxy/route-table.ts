import type { RouteConfig } from '../platform/config/routes-schema.ts'

/** The route with the longest path that is the request's path or stands before it at a segment boundary; exact case. */
export type FindRoute<T> = (path: string) => T | undefined

/** @param routes paths without a last slash, `/` excepted */
export function createRouteTable<T extends Pick<RouteConfig, 'path'>>(routes: readonly T[]): FindRoute<T> {
  const byPath = new Map(routes.map((route) => [route.path, route]))
  const root = byPath.get('/')
  return function findRoute(path) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const route = byPath.get(path.slice(0, end))
      if (route !== undefined) return route
    }
    return root
  }
}
