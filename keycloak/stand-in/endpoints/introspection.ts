import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'
import { KeycloakError, oauthError } from '../http/keycloak-error.ts'
import { uniqueForm } from '../http/parameters.ts'
import type { Client, Realm } from '../model/types.ts'
import { type GoodToken, inspectToken, textClaim } from '../tokens/inspect-token.ts'
import { subjectOf } from '../tokens/issue-tokens.ts'
import { mapClaims } from '../tokens/map-claims.ts'
import type { Claims } from '../tokens/mappers.ts'
import { grantScope } from '../tokens/scopes.ts'
import { authenticateClient } from './authenticate-client.ts'

const list = (value: unknown): string[] => (Array.isArray(value) ? value : value === undefined ? [] : [String(value)])

/** A token's own claims with those its scopes give for introspection, as Keycloak merges them. */
function describe(realm: Realm, { claims, client, user, clientSession }: GoodToken): Claims {
  const { reuse_id, prov, aud_x, at_hash, ...own } = claims
  const grant = grantScope(realm, client, user, textClaim(claims, 'scope') ?? clientSession?.scope)
  const subject = subjectOf({ realm, client, user, grant, ...(clientSession ? { clientSession } : {}) })
  const mapped = mapClaims('introspection', subject, grant)
  const audience = [...new Set([...list(claims.aud), ...mapped.audience])]
  return {
    ...mapped.claims,
    ...own,
    ...(audience.length > 0 ? { aud: audience.length > 1 ? audience : audience[0] } : {}),
    client_id: client.clientId,
    username: user.username,
    token_type: claims.typ,
    active: true,
  }
}

/** Only those a token is meant for learn about it: the audience, or the owner of an ID or refresh token. */
const mayAsk = (caller: Client, claims: Claims) =>
  claims.typ === 'Bearer' ? list(claims.aud).includes(caller.clientId) : claims.azp === caller.clientId

/** `POST …/token/introspect` (RFC 7662). A refresh token is only recognised with `token_type_hint=refresh_token`. */
export const createIntrospection = (clock: Clock) => async (realm: Realm, req: Request, res: Response) => {
  const form = uniqueForm(req)
  const caller = await authenticateCaller(realm, req, form)
  const hint = form.token_type_hint
  if (form.token === undefined) throw oauthError(400, 'invalid_request', 'Token not provided.')
  if (hint === '') throw oauthError(400, 'invalid_request', 'Unsupported token type.')
  const types = hint === 'refresh_token' ? ['Refresh', 'Offline'] : ['Bearer', 'ID']
  const found = await inspectToken(realm, form.token, clock, types)
  const good = 'good' in found && mayAsk(caller, found.good.claims) ? found.good : undefined
  res.set('Cache-Control', 'no-cache').json(good ? describe(realm, good) : { active: false })
}

/** This endpoint alone answers a wrong secret with `invalid_client`. */
async function authenticateCaller(realm: Realm, req: Request, form: Record<string, string>): Promise<Client> {
  try {
    return await authenticateClient(realm, req, form)
  } catch (error) {
    const body = error instanceof KeycloakError ? error.body : undefined
    const isWrongSecret =
      typeof body === 'object' && body !== null && 'error' in body && body.error === 'unauthorized_client'
    throw isWrongSecret ? oauthError(401, 'invalid_client', 'Client authentication failed.') : error
  }
}
