import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'
import { oauthError } from '../http/keycloak-error.ts'
import { uniqueForm } from '../http/parameters.ts'
import type { Realm } from '../model/types.ts'
import type { Claims } from '../tokens/mappers.ts'
import { authenticateClient } from './authenticate-client.ts'
import { grantClientCredentials } from './grant-client-credentials.ts'
import { grantCode } from './grant-code.ts'
import { grantPassword } from './grant-password.ts'
import { grantRefresh } from './grant-refresh.ts'
import type { GrantRequest } from './grant-request.ts'

const grants: Record<string, (request: GrantRequest) => Promise<Claims>> = {
  authorization_code: grantCode,
  refresh_token: grantRefresh,
  client_credentials: grantClientCredentials,
  password: grantPassword,
}

/** `POST …/token` (RFC 6749 section 3.2) with Keycloak's statuses and texts. */
export const createTokenEndpoint = (clock: Clock) => async (realm: Realm, req: Request, res: Response) => {
  const form = uniqueForm(req)
  if (!form.grant_type) throw oauthError(400, 'invalid_request', 'Missing form parameter: grant_type')
  const grant = Object.hasOwn(grants, form.grant_type) ? grants[form.grant_type] : undefined
  if (!grant) throw oauthError(400, 'unsupported_grant_type', 'Unsupported grant_type')
  const client = await authenticateClient(realm, req, form)
  const answer = await grant({ realm, client, form, clock, address: req.socket.remoteAddress ?? '127.0.0.1' })
  res.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' }).json(answer)
}
