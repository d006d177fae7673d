import type { AdminEvent } from '../model/event-log.ts'
import type { AdminRequest } from './admin-request.ts'

const operations: Record<string, AdminEvent['operationType'] | undefined> = {
  POST: 'CREATE',
  PUT: 'UPDATE',
  DELETE: 'DELETE',
}

/** How Keycloak calls what is at a path; the first that fits counts. */
const resources: [RegExp, string, AdminEvent['operationType']?][] = [
  [/^users\/[^/]+\/(reset-password|logout|execute-actions-email|send-verify-email)$/, 'USER', 'ACTION'],
  [/^users\/[^/]+\/groups\//, 'GROUP_MEMBERSHIP'],
  [/\/role-mappings\/realm$/, 'REALM_ROLE_MAPPING'],
  [/\/role-mappings\/clients\//, 'CLIENT_ROLE_MAPPING'],
  [/^users(\/|$)/, 'USER'],
  [/^sessions\//, 'USER_SESSION'],
  [/^(logout-all|push-revocation)$/, 'REALM', 'ACTION'],
  [/^roles(-by-id)?(\/|$)/, 'REALM_ROLE'],
  [/^groups(\/|$)/, 'GROUP'],
  [/^clients\/[^/]+\/roles/, 'CLIENT_ROLE'],
  [/^client-scopes\/[^/]+\/scope-mappings\/realm$/, 'REALM_SCOPE_MAPPING'],
  [/^client-scopes\/[^/]+\/scope-mappings\/clients\//, 'CLIENT_SCOPE_MAPPING'],
  [/^client-scopes(\/|$)/, 'CLIENT_SCOPE'],
  [/^clients\/[^/]+\/default-client-scopes\//, 'CLIENT_SCOPE_CLIENT_MAPPING'],
  [/^clients\/[^/]+\/client-secret$/, 'CLIENT', 'ACTION'],
  [/^clients(\/|$)/, 'CLIENT'],
  [/^components(\/|$)/, 'COMPONENT'],
  [/^attack-detection\//, 'USER_LOGIN_FAILURE'],
  [/^(events\/config)?$/, 'REALM'],
]

/** Remembers a change that has just been made, as Keycloak does; reads and refusals leave no trace. */
export function recordAdminEvent({ realm, admin, req, res }: AdminRequest, time: number): void {
  const operation = operations[req.method]
  if (operation === undefined || res.statusCode >= 300) return
  const [address = ''] = req.originalUrl.split('?')
  const below = address.replace(/^\/admin\/realms\/[^/]+\/?/, '')
  const made = String(res.getHeader('location') ?? '')
    .split('/')
    .at(-1)
  const [, resourceType, action] = resources.find(([pattern]) => pattern.test(below)) ?? []
  if (resourceType === undefined) return
  // A member is put into a group, but what the event tells is that a membership came to be.
  const isMembership =
    (resourceType === 'GROUP_MEMBERSHIP' || resourceType === 'CLIENT_SCOPE_CLIENT_MAPPING') && operation === 'UPDATE'
  // A group is moved by a POST that makes nothing, and what is made below another one is told without its id.
  const isMove = resourceType === 'GROUP' && operation === 'CREATE' && res.statusCode === 204
  const resourcePath = operation === 'CREATE' && made && !below.endsWith('/children') ? `${below}/${made}` : below
  realm.events.addAdminEvent({
    time,
    realmId: realm.id,
    operationType: isMove ? 'UPDATE' : (action ?? (isMembership ? 'CREATE' : operation)),
    resourceType,
    ...(resourcePath === '' ? {} : { resourcePath }),
    authDetails: { ...admin.caller, ipAddress: req.socket.remoteAddress ?? '127.0.0.1' },
    ...representationOf(req.body, action),
  })
}

/** What was written, without credentials; an action says nothing of it. */
function representationOf(body: unknown, action: string | undefined): { representation?: string } {
  if (typeof body !== 'string' || body === '' || action !== undefined) return {}
  const written: unknown = JSON.parse(body)
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return { representation: body }
  const { credentials: _, ...rest } = { credentials: null, ...written }
  return { representation: JSON.stringify(rest) }
}
