import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { type Identity, identityOf } from '../identity/identity.ts'
import type { AcceptedMethods, ResolveIdentity } from '../identity/resolve-identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { Turnstile } from '../platform/turnstile.ts'
import { permissionFor } from './administration.ts'
import type { createAskToSignIn } from './ask-to-sign-in.ts'
import { PERMISSIONS, type Permission, permissionsOf } from './permissions.ts'

/** Stands before a mount; a brand of its own, so that no route is mounted behind something that is no guard. */
export type Guard = RequestHandler & { readonly guard: string }

export interface GuardParts {
  checkCsrf: (req: IncomingMessage) => void
  resolveIdentity: ResolveIdentity
  askToSignIn: ReturnType<typeof createAskToSignIn>
  turnstile: Turnstile
}

/** The guards of the gateway's own endpoints. */
export function createGuards({ checkCsrf, resolveIdentity, askToSignIn, turnstile }: GuardParts) {
  function signedIn(accepted: AcceptedMethods, limit: RequestHandler): Guard {
    const handler: RequestHandler = async function guard(req, res, next) {
      checkCsrf(req)
      const identity = await resolveIdentity(req, accepted)
      // As on routes: whoever has to be sent away is counted too, and by address, because nobody is known.
      await passing(limit, req, res)
      if (identity === undefined) askToSignIn(req, res, accepted)
      else turnstile(next)
    }
    return Object.assign(handler, { guard: `signed in by ${accepted.join(' or ')}` })
  }

  function administration(prefix: string, limit: RequestHandler): Guard {
    const identify = signedIn(['session', 'bearer'], limit)
    const handler: RequestHandler = (req, res, next) =>
      identify(req, res, (error?: unknown) => {
        if (error !== undefined) return next(error)
        const { method, path } = contextOf(req)
        const below = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
        next(whyNotAdministrator(identityOf(req), permissionFor(method, below)))
      })
    return Object.assign(handler, { guard: 'administration' })
  }

  return {
    /** Written out, because public must be a decision. */
    anyone: Object.assign(((_req, _res, next) => next()) satisfies RequestHandler, { guard: 'anyone' }) as Guard,
    /** For what looks at the session itself; a foreign page must not ask. */
    sameOrigin: Object.assign(
      ((req, _res, next) => {
        checkCsrf(req)
        next()
      }) satisfies RequestHandler,
      { guard: 'same origin' },
    ) as Guard,
    /** @param limit how often a caller may come, refused or not */
    signedIn,
    /**
     * For administration: whoever has the permission that the table in `administration.ts` asks for this request, and
     * where it names none, whoever has all of them.
     * @param prefix what of the path the table does not know
     * @param limit how often a caller may come, refused or not
     */
    administration,
  }
}

/** Settles when a handler lets a request go on; rejects with what it refuses it for. */
function passing(handler: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)))
  })
}

function whyNotAdministrator(identity: Identity, needed: Permission | undefined): GatewayError | undefined {
  const held = permissionsOf(identity)
  if (needed === undefined ? held.size === Object.keys(PERMISSIONS).length : held.has(needed)) return undefined
  const required = { permission: needed ?? 'every permission' }
  const headers: Record<string, string> =
    identity.method === 'bearer' ? { 'WWW-Authenticate': 'Bearer realm="cloakroom", error="insufficient_scope"' } : {}
  return new GatewayError('INSUFFICIENT_PERMISSIONS', {
    ...{ details: { required }, headers, reason: `missing ${JSON.stringify(required)}` },
  })
}
