import type { IncomingMessage, ServerResponse } from 'node:http'
import type { createAskToSignIn } from '../../access/ask-to-sign-in.ts'
import { createPolicy } from '../../access/policy.ts'
import type { Identity } from '../../identity/identity.ts'
import type { ResolveIdentity } from '../../identity/resolve-identity.ts'
import type { RouteConfig } from '../../platform/config/routes-schema.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { contextOf } from '../../platform/observability/request-context.ts'
import type { TakeLimits } from '../proxied-route.ts'
import { readHandshake, readToken } from './handshake.ts'
import type { TakePlace } from './web-socket-places.ts'

/** A caller who may have a WebSocket here. */
export interface Admitted {
  readonly identity: Identity | undefined
  readonly protocols: readonly string[]
  /** `RateLimit` fields, for an answer that is none after all. */
  readonly limits: readonly string[]
  /** Judges the caller anew, as a request would, and prolongs the session as one; false when it may not go on. */
  stillAdmitted(): Promise<boolean>
  /** Gives the place back. */
  leave(): void
}

export interface WebSocketRouteParts {
  route: RouteConfig
  checkOrigin: (req: IncomingMessage, isPublic: boolean) => void
  resolveIdentity: ResolveIdentity
  askToSignIn: ReturnType<typeof createAskToSignIn>
  takeLimits: TakeLimits
  takePlace: TakePlace
  /** Whom to count where nobody is known. */
  addressKey: (address: string) => string
}

export type WebSocketRoute = (req: IncomingMessage, res: ServerResponse, early: Buffer) => Promise<Admitted | undefined>

/**
 * The stations of a WebSocket: the same as of a `GET` on this route, in the same order, by the same functions. Answers
 * `undefined` when the refusal has been written already.
 * @throws GatewayError
 */
export function createWebSocketRoute(parts: WebSocketRouteParts): WebSocketRoute {
  const { route, checkOrigin, resolveIdentity, askToSignIn, takeLimits, takePlace, addressKey } = parts
  const policy = createPolicy(route.require)
  const accepted = route.auth === 'none' ? undefined : route.auth

  async function stillAdmitted(req: IncomingMessage): Promise<boolean> {
    if (accepted === undefined) return true
    try {
      const identity = await resolveIdentity(req, accepted)
      if (identity === undefined) return false
      policy(identity)
      return true
    } catch (error) {
      // Silence is unknown, not a refusal.
      return !(error instanceof GatewayError && (error.status === 401 || error.status === 403))
    }
  }

  return async function webSocketRoute(req, res, early) {
    const context = contextOf(req)
    context.route = route.id
    if (!route.websocket) throw new GatewayError('WEBSOCKET_UNAVAILABLE')
    const handshake = readHandshake(req, early)
    const { protocols } = handshake
    const token = accepted === undefined ? undefined : readToken(handshake, req)
    // From here on it is a bearer like any other; the offer that carried it goes no further.
    if (token !== undefined) req.headers.authorization = `Bearer ${token}`
    checkOrigin(req, accepted === undefined)
    const identity = accepted === undefined ? undefined : await resolveIdentity(req, accepted)
    const limits = await takeLimits(identity, context)
    if (accepted !== undefined) {
      if (identity === undefined) {
        askToSignIn(req, res, accepted)
        return undefined
      }
      policy(identity)
    }
    const caller = identity === undefined ? addressKey(context.clientAddress) : `${identity.issuer} ${identity.id}`
    const leave = takePlace(caller)
    return { identity, protocols, limits, leave, stillAdmitted: () => stillAdmitted(req) }
  }
}
