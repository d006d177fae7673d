import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import type { AcceptedMethods, ResolveIdentity } from '../identity/resolve-identity.ts'
import type { createAskToSignIn } from './ask-to-sign-in.ts'
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
  }
}
