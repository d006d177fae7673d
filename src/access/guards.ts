import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { type Identity, identityOf } from '../identity/identity.ts'
import type { AcceptedMethods, ResolveIdentity } from '../identity/resolve-identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { permissionFor } from './administration.ts'
import type { createAskToSignIn } from './ask-to-sign-in.ts'
import { PERMISSIONS, type Permission, permissionsOf } from './permissions.ts'
import { createPolicy, type Requirements } from './policy.ts'

/** Stands before a mount; a brand of its own, so that no route is mounted behind something that is no guard. */
export type Guard = RequestHandler & { readonly guard: string }

export interface GuardParts {
  checkCsrf: (req: IncomingMessage) => void

  resolveIdentity: ResolveIdentity
  askToSignIn: ReturnType<typeof createAskToSignIn>
}

/** The guards of the gateway's own endpoints. */
export function createGuards({ checkCsrf, resolveIdentity, askToSignIn }: GuardParts) {
  function signedIn(
    accepted: AcceptedMethods,
    requirements?: Partial<Requirements>,
    name = `signed in by ${accepted.join(' or ')}`,
  ): Guard {
    const policy = createPolicy({ roles: [], scopes: [], groups: [], acr: null, ...requirements })
    const handler: RequestHandler = async function guard(req, res, next) {
      checkCsrf(req)
      const identity = await resolveIdentity(req, accepted)
      if (identity === undefined) {
        askToSignIn(req, res, accepted)
        return
      }
      policy(identity)
      next()
    }
    return Object.assign(handler, { guard: name })
  }

  function administration(prefix: string): Guard {
    const identify = signedIn(['session', 'bearer'])
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
    signedIn,
    requireRole: (role: string) => signedIn(['session', 'bearer'], { roles: [role] }, `role ${role}`),
    /**
     * For administration: whoever has the permission that the table in `administration.ts` asks for this request, and
     * where it names none, whoever has all of them.
     * @param prefix what of the path the table does not know
     */
    administration: (prefix: string) => administration(prefix),
  }
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
