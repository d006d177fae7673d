import { parseDocument } from 'yaml'
import type { z } from 'zod'
import type { ConfigProblem } from './config-error.ts'
import { isAtOrBelow, ownPaths } from './own-paths.ts'
import { completeRoute, type RouteConfig, routesFileSchema } from './routes-schema.ts'

export interface RoutesFile {
  routes: RouteConfig[]
  problems: ConfigProblem[]
}

/** Reads the text of a routes file (YAML 1.2); answers the routes or everything that is wrong, with the place. */
export function parseRoutesFile(text: string, fileName: string, managementPrefix: string): RoutesFile {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true, version: '1.2' })
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0) {
    return {
      routes: [],
      problems: broken.map((error) => ({ where: fileName, what: error.message.split('\n')[0] ?? 'is not YAML' })),
    }
  }
  const { content, problem } = contentOf(document)
  if (problem !== undefined) return { routes: [], problems: [{ where: fileName, what: problem }] }
  const parsed = routesFileSchema.safeParse(content)
  if (!parsed.success) {
    return { routes: [], problems: parsed.error.issues.flatMap((issue) => describe(issue, fileName, content)) }
  }
  const routes = parsed.data.routes.map(completeRoute)
  return { routes, problems: clashes(routes, fileName, managementPrefix) }
}

/** Aliases are looked up only now, and a tree of them could grow without end. */
function contentOf(document: ReturnType<typeof parseDocument>): { content: unknown; problem?: string } {
  try {
    return { content: document.toJS({ maxAliasCount: 20 }) ?? {} }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown'
    return { content: undefined, problem: `has an alias that cannot be used (${why}). Write its value out.` }
  }
}

function describe(issue: z.core.$ZodIssue, fileName: string, content: unknown): ConfigProblem[] {
  const [list, index, ...rest] = issue.path
  const place =
    list === 'routes' && typeof index === 'number'
      ? [`routes[${index}]${named(content, index)}`, ...rest.map(String)].join('.')
      : issue.path.join('.')
  const where = place === '' ? fileName : `${fileName} ${place}`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      where,
      what: `does not know the member "${key}". Remove it or correct its name.`,
    }))
  }
  if (issue.code === 'invalid_type' && /undefined/.test(issue.message))
    return [{ where, what: `is missing; it must be ${issue.expected}.` }]
  if (issue.code === 'invalid_union') {
    const what = rest.at(-1) === 'acr' ? 'a level, a list of levels, or null' : 'none, or a list of session and bearer'
    return [{ where, what: `must be ${what}.` }]
  }
  return [{ where, what: `${issue.message}.` }]
}

function named(content: unknown, index: number): string {
  const route = (content as { routes?: unknown[] }).routes?.[index] as { id?: unknown } | undefined
  return typeof route?.id === 'string' ? ` (${route.id.slice(0, 64)})` : ''
}

function clashes(routes: RouteConfig[], fileName: string, managementPrefix: string): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const ids = new Map<string, number>()
  const paths = new Map<string, string>()
  for (const [index, route] of routes.entries()) {
    const where = `${fileName} routes[${index}] (${route.id})`
    const firstId = ids.get(route.id)
    if (firstId !== undefined) problems.push({ where, what: `has the same id as routes[${firstId}]. Ids must differ.` })
    const samePath = paths.get(route.path)
    if (samePath !== undefined)
      problems.push({ where, what: `has the same path ${route.path} as route ${samePath}. Remove one of them.` })
    const own = ownPaths(managementPrefix).find((path) => isAtOrBelow(route.path, path))
    if (own !== undefined)
      problems.push({
        where,
        what: `path ${route.path} collides with the gateway's own ${own}. Choose another path, or move the management API with MANAGEMENT_PREFIX.`,
      })
    if (route.auth === 'none' && demandsSomething(route))
      problems.push({
        where,
        what: 'has auth: none and a require section, which could never be met. Remove one of them.',
      })
    if (route.auth === 'none' && route.token === 'relay')
      problems.push({
        where,
        what: 'has auth: none and token: relay, but there is no token to relay. Use token: none.',
      })
    if (route.websocket && !route.methods.includes('GET'))
      problems.push({
        where,
        what: 'has websocket: true, but GET is not among its methods, and a WebSocket begins with a GET. Add GET.',
      })
    ids.set(route.id, ids.get(route.id) ?? index)
    paths.set(route.path, paths.get(route.path) ?? route.id)
  }
  return problems
}

function demandsSomething({ require: { roles, scopes, groups, acr } }: RouteConfig): boolean {
  return roles.length + scopes.length + groups.length > 0 || acr !== null
}
