import type { IncomingMessage } from 'node:http'
import { type Identity, identityIfAny } from '../identity/identity.ts'
import type { AuditActor, AuditEvent } from '../platform/audit/audit-event.ts'
import { contextOf } from '../platform/observability/request-context.ts'

/** Keycloak's name for the user behind a service client. */
const SERVICE_ACCOUNT = 'service-account-'
const NOBODY: AuditActor = { kind: 'anonymous', id: null, username: null, client: null }

/** What the audit trail says of whoever makes this request, and of the request. */
export function auditedCaller(req: IncomingMessage): Pick<AuditEvent, 'actor' | 'address' | 'correlationId'> {
  const identity = identityIfAny(req)
  return { actor: identity === undefined ? NOBODY : actorOf(identity), ...auditedOrigin(req) }
}

/** Where a request came from, and the id under which the log knows it. */
export function auditedOrigin(req: IncomingMessage): Required<Pick<AuditEvent, 'address' | 'correlationId'>> {
  const { clientAddress, requestId } = contextOf(req)
  return { address: clientAddress, correlationId: requestId }
}

/** Whom the audit trail names for claims of the provider. */
export function actorOf({ id, username }: Pick<Identity, 'id' | 'username'>): AuditActor {
  if (username?.startsWith(SERVICE_ACCOUNT))
    return { kind: 'service', id, username, client: username.slice(SERVICE_ACCOUNT.length) }
  return { kind: 'user', id, username, client: null }
}
