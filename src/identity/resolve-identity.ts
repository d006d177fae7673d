import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { tokenRefused } from './bearer/token-refused.ts'
import { type Authenticator, type Identity, setIdentity } from './identity.ts'

export interface ResolveIdentityParts {
  session: Authenticator
  bearer: Authenticator
  onOutcome: (method: Identity['method'], outcome: string) => void
  /** Refused credentials are counted against the address; throws once there were too many. */
  failures: { check(address: string): void; count(address: string): void | Promise<void> }
}

export type AcceptedMethods = readonly Identity['method'][]
export type ResolveIdentity = (
  req: IncomingMessage,
  accepted: AcceptedMethods,
) => Identity | undefined | Promise<Identity | undefined>

/**
 * Who is calling? `Authorization` wins and is final: with it the cookie is not looked at, and a bad token is a refusal,
 * never a fall-through to the cookie or to nobody. Answers at once when everything is remembered.
 */
export function createResolveIdentity({ session, bearer, onOutcome, failures }: ResolveIdentityParts): ResolveIdentity {
  function found(
    req: IncomingMessage,
    method: Identity['method'],
    identity: Identity | undefined,
  ): Identity | undefined {
    if (identity === undefined) return undefined
    setIdentity(req, identity)
    const context = contextOf(req)
    context.subject = identity.id
    context.authMethod = method
    onOutcome(method, 'ok')
    return identity
  }

  async function refused(req: IncomingMessage, method: Identity['method'], error: unknown): Promise<never> {
    if (error instanceof GatewayError) {
      onOutcome(method, error.code)
      if (error.status === 401) await failures.count(contextOf(req).clientAddress)
    }
    throw error
  }

  return function resolveIdentity(req, accepted) {
    const method = req.headers.authorization === undefined ? 'session' : 'bearer'
    const { clientAddress, query } = contextOf(req)
    failures.check(clientAddress)
    if (query !== '' && carriesToken(query)) throw tokenInAddress()
    if (!accepted.includes(method)) {
      if (method === 'session') return undefined
      throw tokenRefused('TOKEN_INVALID', 'bearer tokens are not accepted on this route')
    }
    try {
      const answer = method === 'bearer' ? bearer(req) : session(req)
      if (answer instanceof Promise)
        return answer.then(
          (identity) => found(req, method, identity),
          (error: unknown) => refused(req, method, error),
        )
      return found(req, method, answer)
    } catch (error) {
      return refused(req, method, error)
    }
  }
}

function carriesToken(query: string): boolean {
  return /[?&]access_token=/.test(query) || (query.includes('%') && new URLSearchParams(query).has('access_token'))
}

/** Addresses end up in logs and histories (RFC 6750 sections 2.3 and 5.3). */
function tokenInAddress(): GatewayError {
  const challenge = 'error="invalid_request", error_description="a token must not stand in the address"'
  return new GatewayError('INVALID_REQUEST', {
    reason: 'an access token in the query',
    headers: { 'WWW-Authenticate': `Bearer realm="cloakroom", ${challenge}` },
  })
}
