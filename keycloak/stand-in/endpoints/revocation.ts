import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'
import { oauthError } from '../http/keycloak-error.ts'
import { uniqueForm } from '../http/parameters.ts'
import type { Client, Realm } from '../model/types.ts'
import { type GoodToken, inspectToken } from '../tokens/inspect-token.ts'
import { readJwt } from '../tokens/jwt.ts'
import { authenticateClient } from './authenticate-client.ts'

/** An access token ends alone; a refresh token takes the client's part of the session along, and the last one all. */
function revoke(realm: Realm, { claims, client, session }: GoodToken) {
  if (claims.typ === 'Bearer') {
    realm.revokedTokens.set(String(claims.jti), Number(claims.exp))
    return
  }
  session?.clients.delete(client.clientId)
  if (!session || session.clients.size > 0) return
  if (claims.typ === 'Offline') realm.sessions.endOffline(session.sid)
  else realm.sessions.end(session.sid)
}

/** Keycloak remembers whose token it was that it took back. @throws 400 for another client's */
async function isRevokedAlready(realm: Realm, client: Client, token: string): Promise<boolean> {
  const claims = await readJwt(realm, token)
  if (!claims || !realm.revokedTokens.has(String(claims.jti))) return false
  if (claims.azp !== client.clientId) throw oauthError(400, 'invalid_request', 'Unmatching clients')
  return true
}

/** `POST …/revoke` (RFC 7009). No back-channel logout follows; garbage is answered with 200. */
export const createRevocation = (clock: Clock) => async (realm: Realm, req: Request, res: Response) => {
  const form = uniqueForm(req)
  const client = await authenticateClient(realm, req, form)
  if (!form.token) throw oauthError(400, 'invalid_request', 'Token not provided')
  if (await isRevokedAlready(realm, client, form.token)) {
    res.status(200).end()
    return
  }
  const found = await inspectToken(realm, form.token, clock, ['Bearer', 'Refresh', 'Offline'])
  if ('problem' in found) {
    res.json({ error: 'invalid_token', error_description: 'Invalid token' })
    return
  }
  if (found.good.client !== client) throw oauthError(400, 'invalid_request', 'Unmatching clients')
  revoke(realm, found.good)
  res.status(200).end()
}
