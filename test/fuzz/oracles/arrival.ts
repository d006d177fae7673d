import { meant, resolved, resolvers } from '../../edge/path-resolvers.ts'
import { reservedNames } from '../../security/header-tables.ts'
import type { FuzzRequest, Who } from '../fuzz-case.ts'
import { FUZZ_ROUTES, type FuzzRoute, routeOf } from '../fuzz-routes.ts'
import type { FuzzWorld } from '../fuzz-world.ts'
import type { Arrived } from '../recording-upstream.ts'
import { callersOf, forgery } from './expectations.ts'

const FAMILIES = /^(x-(user|tenant|forwarded|remote|auth|authenticated|original|rewrite|client-cert|ssl)|remote)(-|$)/
const HOPS =
  /^(keep-alive|proxy-.*|te|trailer|expect|http2-settings|upgrade|connection|transfer-encoding|content-length)$/
const RESERVED = new Set(reservedNames.map((name) => fold(name)))

/** What is wrong with a request that reached an upstream, if anything. */
export function judgeArrival(world: FuzzWorld, arrived: Arrived, sent: FuzzRequest): string[] {
  const [, id = '', path = '', query = ''] = /^\/of-(\w+)([^?]*)(.*)$/s.exec(arrived.target) ?? []
  const route = FUZZ_ROUTES.find((one) => one.id === id)
  if (route === undefined) return [`an upstream was asked for ${arrived.target}, which no route leads to`]
  return [
    ...judgePath(route, path),
    ...judgeQuery(sent, query),
    ...judgeMethod(route, arrived, sent),
    ...judgeCaller(world, route, arrived, sent),
    ...judgeFields(world, route, arrived, sent),
  ].map((wrong) => `${wrong} — at ${id}: ${arrived.method} ${arrived.target}`)
}

function judgePath(route: FuzzRoute, forwarded: string): string[] {
  const path = route.strip === true ? route.path + forwarded : forwarded
  const own = meant(path)
  const wrong = Object.entries(resolvers).flatMap(([name, resolver]) => {
    const other = resolved(resolver, path)
    return other?.join('/') === own.join('/') ? [] : [`${name} reads another path`]
  })
  if (routeOf(own)?.id !== route.id) wrong.push('the rule of another path let it through')
  return wrong
}

function judgeQuery(sent: FuzzRequest, query: string): string[] {
  const given = sent.target.includes('?') ? sent.target.slice(sent.target.indexOf('?')) : ''
  return query.replace(/[?&]fz=\w+$/, '') === given || given.includes('{') ? [] : ['the query was changed']
}

function judgeMethod({ methods }: FuzzRoute, arrived: Arrived, sent: FuzzRequest): string[] {
  const wrong = arrived.method === sent.method ? [] : [`sent as ${sent.method}`]
  return methods === undefined || methods.includes(arrived.method) ? wrong : [...wrong, 'a method the route has not']
}

function judgeCaller(world: FuzzWorld, route: FuzzRoute, arrived: Arrived, sent: FuzzRequest): string[] {
  const { nobody, session, bearer } = callersOf(sent, route)
  const valuesOf = valuesIn(arrived)
  const told = ['x-user-id', 'x-user-name', 'x-user-roles', 'authorization'].map((name) => valuesOf(name).join('|'))
  if (nobody) return told.every((text) => text === '') ? [] : ['somebody is told where nobody is known']
  if (session.length + bearer.length === 0) return ['let through without a good credential']
  const allowed = (who: Who) => route.role === undefined || rolesOf(world, who).includes(route.role)
  if (![...session, ...bearer].some(allowed)) return ['let through without the role']
  const isTold = (who: Who, token: string) => {
    const { sub, username } = world.people[who]
    const authorization = route.token === 'none' ? '' : `Bearer ${token}`
    return allowed(who) && sameTold(told, [sub, username, rolesOf(world, who).join(','), authorization])
  }
  if (bearer.some((who) => isTold(who, world.meaning.bearers[who]))) return []
  if (!session.some((who) => isTold(who, world.sessionTokens[who])))
    return [`not told as who sent it, but as ${told.map((text) => text.slice(0, 40)).join(' ')}`]
  const forged = arrived.webSocket ? foreignSocket(sent) : forgery(sent)
  return forged === undefined ? [] : [`a forged request used a session: ${forged}`]
}

function rolesOf({ people }: FuzzWorld, who: Who): string[] {
  const { realmRoles, clientRoles } = people[who]
  const ofClients = Object.entries(clientRoles).flatMap(([client, names]) =>
    names.map((name) => `client:${client}:${name}`),
  )
  return [...realmRoles.map((role) => `realm:${role}`), ...ofClients]
}

/** Roles are a set. */
function sameTold(told: readonly string[], expected: readonly string[]): boolean {
  const sorted = (list: readonly string[]) => list.map((text) => text.split(',').sort().join(','))
  return sorted(told).join('\n') === sorted(expected).join('\n')
}

function foreignSocket({ fields }: FuzzRequest): string | undefined {
  const origins = fields.filter(([name]) => name.toLowerCase() === 'origin').map(([, value]) => value)
  const ours = origins.length > 0 && origins.every((origin) => ['{origin}', 'https://spa.example'].includes(origin))
  return ours ? undefined : 'a WebSocket of no page of ours'
}

function judgeFields(world: FuzzWorld, route: FuzzRoute, arrived: Arrived, sent: FuzzRequest): string[] {
  const valuesOf = valuesIn(arrived)
  const once: Record<string, string | undefined> = {
    ...{ host: world.upstream.host, 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': world.meaning.host },
    ...{ 'x-forwarded-proto': 'http', 'x-request-id': undefined, traceparent: undefined },
  }
  const wrong = Object.entries(once).flatMap(([name, value]) => {
    const values = valuesOf(name)
    return values.length === 1 && (value === undefined || values[0] === value) ? [] : [`${name}: ${values.join(' | ')}`]
  })
  if (arrived.rawTrailers.length > 0) wrong.push(`trailers ${arrived.rawTrailers.join(' ')}`)
  const nominated = sent.fields
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((name) => name.trim().toLowerCase()))
  const given = new Set([...sent.fields.map(([name]) => name.toLowerCase()), 'x-answer', 'cookie'])
  const ours = new Set([...Object.keys(once), 'authorization', 'x-user-id', 'x-user-name', 'x-user-roles'])
  for (const name of arrived.rawHeaders.filter((_, i) => i % 2 === 0).map((text) => text.toLowerCase())) {
    if (ours.has(name) || isFraming(name, arrived)) continue
    if (RESERVED.has(fold(name)) || FAMILIES.test(fold(name))) wrong.push(`${name} is not the client's to say`)
    else if (HOPS.test(fold(name)) || nominated.includes(name)) wrong.push(`${name} is between neighbours`)
    else if (!given.has(name) && sent.ugly.length === 0) wrong.push(`${name} was not sent`)
  }
  return [...wrong, ...judgeCookies(route, valuesOf('cookie'))]
}

function isFraming(name: string, { webSocket }: Arrived): boolean {
  if (webSocket) return name === 'connection' || name === 'upgrade' || name.startsWith('sec-websocket-')
  return name === 'connection' || name === 'content-length' || name === 'transfer-encoding'
}

function judgeCookies(route: FuzzRoute, values: readonly string[]): string[] {
  if (values.length === 0) return []
  if (route.jar !== true) return ['a cookie went upstream']
  const own = values.flatMap((value) => value.split(';')).filter((pair) => /cloakroom/i.test(pair.split('=')[0] ?? ''))
  return own.length === 0 ? [] : [`the own cookie went upstream: ${own.join(';').slice(0, 30)}`]
}

function valuesIn({ rawHeaders }: Arrived): (name: string) => string[] {
  return (name) => rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name)
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[_.]/g, '-')
}
