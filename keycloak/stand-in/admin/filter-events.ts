import {
  ADMIN_OPERATIONS,
  ADMIN_RESOURCE_TYPES,
  USER_EVENT_TYPES,
} from '../../../src/platform/keycloak/events/event-types.ts'
import { KeycloakError, oauthError } from '../http/keycloak-error.ts'
import { queryOf } from '../http/parameters.ts'
import type { AdminEvent, UserEvent } from '../model/event-log.ts'
import type { AdminRequest } from './admin-request.ts'
import { listQuery, part } from './list-query.ts'

const DAY_MS = 86_400_000
/** What fits into Java's `long`. */
const LARGEST = 2n ** 63n - 1n

/** A moment in milliseconds, or a day. */
function moment(value: string, name: string, isEnd: boolean): number {
  if (/^\d{1,19}$/.test(value) && BigInt(value) <= LARGEST) return Number(value)
  const day = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00`) : Number.NaN
  if (Number.isNaN(day)) {
    const error = `Invalid value for '${name}', expected format is yyyy-MM-dd or an Epoch timestamp`
    throw new KeycloakError(400, { error })
  }
  return isEnd ? day + DAY_MS - 1 : day
}

/** The part of a list of events that is asked for, the newest first unless `direction` says otherwise. */
export function shown<E extends { time: number }>({ req }: AdminRequest, events: readonly E[]): E[] {
  const query = listQuery(req)
  const direction = query.text('direction') ?? 'desc'
  if (!['asc', 'desc'].includes(direction))
    throw new KeycloakError(400, { error: 'Invalid value for sortDirection, expected value is asc or desc' })
  const [from, to] = [query.text('dateFrom') || '0', query.text('dateTo') || '999999999999999']
  const [least, most] = [moment(from, 'dateFrom', false), moment(to, 'dateTo', true)]
  const found = events.filter(({ time }) => time >= least && time <= most).sort((a, b) => a.time - b.time)
  return part(direction === 'asc' ? found : found.reverse(), query)
}

/** Whether one of several words fits; a word that Keycloak does not know is a fault of its own to it. */
function oneOf(call: AdminRequest, name: string, known: ReadonlySet<string>): (value: string) => boolean {
  const words = queryOf(call.req)
    .getAll(name)
    .filter((word) => word !== '')
  if (words.some((word) => !known.has(word)))
    throw oauthError(500, 'unknown_error', 'For more on this error consult the server log.')
  return (value) => words.length === 0 || words.includes(value)
}

/** Whether a whole text fits, letter by letter. */
function same(call: AdminRequest, name: string): (value: string | undefined) => boolean {
  const wanted = queryOf(call.req).get(name)
  return (value) => !wanted || value === wanted
}

export function filterUserEvents(call: AdminRequest, events: readonly UserEvent[]): UserEvent[] {
  const isType = oneOf(call, 'type', USER_EVENT_TYPES)
  const [isClient, isUser, isAddress] = [same(call, 'client'), same(call, 'user'), same(call, 'ipAddress')]
  return events.filter(
    ({ type, clientId, userId, ipAddress }) =>
      isType(type) && isClient(clientId) && isUser(userId) && isAddress(ipAddress),
  )
}

export function filterAdminEvents(call: AdminRequest, events: readonly AdminEvent[]): AdminEvent[] {
  const isOperation = oneOf(call, 'operationTypes', ADMIN_OPERATIONS)
  const isResource = oneOf(call, 'resourceTypes', ADMIN_RESOURCE_TYPES)
  const [isUser, isClient, isAddress] = [same(call, 'authUser'), same(call, 'authClient'), same(call, 'authIpAddress')]
  const isPath = like(queryOf(call.req).get('resourcePath') ?? '')
  return events.filter(
    ({ operationType, resourceType, resourcePath = '', authDetails: by }) =>
      isOperation(operationType) &&
      isResource(resourceType) &&
      isPath(resourcePath) &&
      isUser(by.userId) &&
      isClient(by.clientId) &&
      isAddress(by.ipAddress),
  )
}

/** SQL's LIKE, in which `*` stands for `%`. */
function like(pattern: string): (value: string) => boolean {
  if (pattern === '') return () => true
  const text = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/[*%]/g, '.*')
    .replaceAll('_', '.')
  const expression = new RegExp(`^${text}$`, 's')
  return (value) => expression.test(value)
}
