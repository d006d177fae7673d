import { z } from 'zod'
import { eventText, eventTime } from './event-text.ts'
import type { AdminActView } from './keycloak-event-log.ts'

const text = z.string().nullish()

export const rawAdminActs = z.array(
  z.object({
    id: text,
    time: z.number(),
    operationType: z.string(),
    resourceType: text,
    resourcePath: text,
    realmId: text,
    error: text,
    authDetails: z.object({ realmId: text, clientId: text, userId: text, ipAddress: text }).nullish(),
    representation: text,
  }),
)

const ROLE_MAPPINGS = ['REALM_ROLE_MAPPING', 'CLIENT_ROLE_MAPPING']
const MAX_NAMES = 50

export function toAdminActView(raw: z.output<typeof rawAdminActs.element>): AdminActView {
  const { authDetails, realmId } = raw
  const path = eventText(raw.resourcePath) ?? ''
  return {
    id: eventText(raw.id) ?? `${raw.time}-${raw.operationType}`,
    at: eventTime(raw.time),
    operation: raw.operationType,
    resourceType: raw.resourceType ?? '',
    // The id of a session is what it would be ended by.
    path: path.replace(/^sessions\/[^/]+/, 'sessions/*'),
    error: eventText(raw.error),
    actor: {
      userId: eventText(authDetails?.userId),
      clientUuid: eventText(authDetails?.clientId),
      ip: eventText(authDetails?.ipAddress),
      isOfThisRealm: authDetails?.realmId != null && authDetails.realmId === realmId,
    },
    ...namesIn(raw.representation, ROLE_MAPPINGS.includes(raw.resourceType ?? '')),
  }
}

/** Of what was written only names: of its members, and of roles that were given. */
function namesIn(
  representation: string | null | undefined,
  isMapping: boolean,
): { members: string[]; roles: string[] } {
  const written = parsed(representation)
  if (Array.isArray(written))
    return {
      members: [],
      roles: isMapping ? named(written.map((item) => z.object({ name: z.string() }).safeParse(item).data?.name)) : [],
    }
  return { members: typeof written === 'object' && written !== null ? named(Object.keys(written)) : [], roles: [] }
}

const named = (names: readonly (string | undefined)[]) =>
  names.flatMap((name) => eventText(name) ?? []).slice(0, MAX_NAMES)

function parsed(json: string | null | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null')
  } catch {
    return null
  }
}
