import { createHash } from 'node:crypto'
import { z } from 'zod'
import { redactText } from '../../observability/redact-text.ts'
import { eventText, eventTime } from './event-text.ts'
import type { LoginView } from './keycloak-event-log.ts'

const text = z.string().nullish()

export const rawLogins = z.array(
  z.object({
    id: text,
    time: z.number(),
    type: z.string(),
    error: text,
    userId: text,
    clientId: text,
    sessionId: text,
    ipAddress: text,
    details: z.record(z.string(), z.unknown()).nullish(),
  }),
)
/**
 * What is passed on of an event's `details`. Codes, ids of tokens, addresses people were sent to and whatever else
 * Keycloak or an extension puts there stay behind.
 */
const SHOWN_DETAILS: readonly string[] = [
  'auth_method',
  'auth_type',
  'client_auth_method',
  'credential_type',
  'custom_required_action',
  'grant_type',
  'identity_provider',
  'remember_me',
  'response_mode',
  'response_type',
  'scope',
]
/** Words, as Keycloak writes them; anything longer or stranger is no detail of this kind. */
const PLAIN_DETAIL = /^[\w .:/-]{1,200}$/

export function toLoginView(raw: z.output<typeof rawLogins.element>): LoginView {
  const userId = eventText(raw.userId)
  const session = raw.sessionId ? createHash('sha256').update(raw.sessionId).digest('base64url').slice(0, 16) : null
  return {
    id: eventText(raw.id) ?? `${raw.time}-${raw.type}`,
    at: eventTime(raw.time),
    type: raw.type,
    error: eventText(raw.error),
    userId,
    username: userId === null ? null : eventText(raw.details?.username),
    client: eventText(raw.clientId),
    ip: eventText(raw.ipAddress),
    session,
    details: shownDetails(raw.details ?? {}),
  }
}

function shownDetails(details: Readonly<Record<string, unknown>>): Record<string, string> {
  const shown = SHOWN_DETAILS.flatMap((name): [string, string][] => {
    const value = Object.hasOwn(details, name) ? details[name] : undefined
    return typeof value === 'string' && PLAIN_DETAIL.test(value) && redactText(value) === value ? [[name, value]] : []
  })
  return Object.fromEntries(shown)
}
