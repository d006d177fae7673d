import type { IncomingMessage } from 'node:http'
import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { CacheInfo } from '../platform/cache/cache.ts'
import type { CacheRegistry } from '../platform/cache/cache-registry.ts'
import { success } from '../platform/errors/envelope.ts'
import { onlyThese } from '../platform/http/only-these.ts'
import { readInput } from '../platform/http/read-input.ts'
import { contextOf } from '../platform/observability/request-context.ts'

/** The public names of the seeds' caches; the others go by their own. */
const PUBLIC_NAMES: Record<string, string> = {
  jwks: 'jwt_cache',
  admin_token: 'admin_cache',
  user_info: 'user_info_cache',
  groups: 'group_cache',
}
const TTL_NAMES: Record<string, string> = {
  jwks: 'jwks_ttl',
  admin_token: 'admin_token_ttl',
  user_info: 'user_info_ttl',
  groups: 'group_ttl',
}

export interface CacheRoutesParts {
  registry: CacheRegistry
  jsonBody: RequestHandler[]
  onCleared: (req: IncomingMessage, names: readonly string[], instances: number) => void
}

/** `GET /cache/info` and `POST /cache/clear` (design section 6). */
export function cacheRoutes({ registry, jsonBody, onCleared }: CacheRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const names = registry.names()
  const byAnyName = new Map(
    names.flatMap((name) => [[name, name] as const, [PUBLIC_NAMES[name] ?? name, name] as const]),
  )
  const cacheName = z.enum([...byAnyName.keys()], `must be one of ${names.join(', ')}`)
  const clearBody = z
    .strictObject(
      { caches: z.array(cacheName, 'must be a list of caches').min(1, 'must name at least one cache').optional() },
      { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
    )
    .default({})

  router.get('/info', function cacheInfo(req, res) {
    const infos: [string, CacheInfo][] = Object.entries(registry.info())
    const ttls = infos.flatMap(([name, { ttl }]) => (TTL_NAMES[name] === undefined ? [] : [[TTL_NAMES[name], ttl]]))
    const data = {
      ...Object.fromEntries(infos.map(([name, info]) => [PUBLIC_NAMES[name] ?? name, info])),
      cache_ttl_config: Object.fromEntries(ttls),
    }
    res.json(success(data, 'Caches of this instance', contextOf(req).requestId))
  })

  router.post('/clear', ...jsonBody, async function clearCaches(req, res) {
    const { caches } = readInput(clearBody, req.body)
    const wanted = caches === undefined ? names : [...new Set(caches.map((name) => byAnyName.get(name) ?? name))]
    const { cleared, instances } = await registry.clear(wanted)
    onCleared(req, cleared, instances)
    const message = caches === undefined ? 'All caches cleared' : `Cleared: ${cleared.join(', ')}`
    res.json(success({ message, cleared, instances }, message, contextOf(req).requestId))
  })
  router.all('/info', onlyThese('GET, HEAD'))
  router.all('/clear', onlyThese('POST'))
  return router
}
