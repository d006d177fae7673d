import { redact } from '../observability/redact.ts'
import { redactText } from '../observability/redact-text.ts'
import type { AuditTargetKind } from './audit-event.ts'
import { canonicalJson } from './canonical-json.ts'

/** What may be written of a thing before and after; everything else is only named. */
const ALLOWED: Record<AuditTargetKind, readonly string[]> = {
  user: [
    'id',
    'username',
    'email',
    'firstName',
    'lastName',
    'enabled',
    'emailVerified',
    'requiredActions',
    'attributes',
    'realmRoles',
    'clientRoles',
    'roles',
    'groups',
    'temporary',
    'locked',
    'scopes',
    'ended',
    'keycloak',
    'removedType',
    'client',
  ],
  session: ['ended', 'keycloak', 'browserSessions', 'method', 'acr', 'formerUser', 'sameUser'],
  role: ['id', 'name', 'description', 'composite', 'composites', 'client', 'attributes', 'usedBy'],
  scope: [
    'id',
    'name',
    'description',
    'protocol',
    'roles',
    'resource',
    'includeInTokenScope',
    'showOnConsentScreen',
    'consentText',
  ],
  group: ['id', 'name', 'description', 'path', 'parent', 'roles', 'attributes', 'groups', 'members'],
  client: [
    'id',
    'clientId',
    'name',
    'description',
    'enabled',
    'scopes',
    'optionalScopes',
    'roles',
    'lifetimeSeconds',
    'serviceAccountsEnabled',
    'authentication',
    'overlapSeconds',
  ],
  token: ['kind', 'client', 'expiresAt'],
  endpoint: [],
  caches: ['cleared', 'instances'],
  settings: ['values', 'instances'],
  audit: ['heads', 'through', 'rows', 'olderThan', 'lost', 'folded', 'from', 'to', 'instance'],
}

/** For every kind: how a thing failed. */
const ALWAYS = ['error']
const MAX_TEXT = 16_384
const MAX_NAMES = 50

/**
 * What is kept of `before` and `after`, as JSON: the members that are allowed for this kind of thing, with secrets taken
 * out by name and by look, lists of 50 at the most; other members by name only, under `notRecorded`.
 */
export function auditedMembers(kind: AuditTargetKind | undefined, value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) return canonicalJson({ notRecorded: [typeof value] })
  const allowed = new Set([...(kind === undefined ? [] : ALLOWED[kind]), ...ALWAYS])
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const kept = Object.fromEntries(entries.filter(([name]) => allowed.has(name)))
  const others = entries.map(([name]) => name).filter((name) => !allowed.has(name))
  const names = others.length === 0 ? {} : { notRecorded: others.sort().slice(0, MAX_NAMES).map(shorten) }
  // Through JSON, because numbers such as Infinity have no canonical form.
  const text = canonicalJson(JSON.parse(JSON.stringify({ ...(redact(kept) as object), ...names })))
  if (text.length <= MAX_TEXT) return text
  return canonicalJson({ tooLarge: Object.keys(kept).sort() })
}

const shorten = (name: string) => redactText(name).slice(0, 100)
