import type { IncomingMessage } from 'node:http'
import type { CallerClaims } from './caller-claims.ts'

interface Caller extends CallerClaims {
  readonly issuer: string
  /** Set once tenancy is on. */
  readonly tenant: string | null
  /** What goes upstream where a route relays it. */
  readonly accessToken: string
}

export interface SessionIdentity extends Caller {
  readonly method: 'session'
  /** The gateway's own session id; never leaves the process. */
  readonly sessionId: string
}

export interface BearerIdentity extends Caller {
  readonly method: 'bearer'
}

/** Who is calling. Nobody is `undefined`, never an object that has to be looked at twice. */
export type Identity = SessionIdentity | BearerIdentity

/** Answers who calls, `undefined` when the request carries nothing of its kind, and throws when what it carries is no good. */
export interface Authenticator {
  readonly method: Identity['method']
  (req: IncomingMessage): Identity | undefined | Promise<Identity | undefined>
}

const IDENTITY = Symbol('cloakroom.identity')
type WithIdentity = IncomingMessage & { [IDENTITY]?: Identity }

export function setIdentity(req: IncomingMessage, identity: Identity): void {
  ;(req as WithIdentity)[IDENTITY] = identity
}

/** Who was found to be calling, if anyone. */
export function identityIfAny(req: IncomingMessage): Identity | undefined {
  return (req as WithIdentity)[IDENTITY]
}

/** The caller behind a guard; without a guard in front this is a programming error. */
export function identityOf(req: IncomingMessage): Identity {
  const identity = identityIfAny(req)
  if (identity === undefined) throw new Error('no guard stands before this handler')
  return identity
}
