import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import { findClient, requestProblem } from '../authorization/check-request.ts'
import type { Clock } from '../clock.ts'
import { oauthError } from '../http/keycloak-error.ts'
import { formOf, readParameters } from '../http/parameters.ts'
import type { Realm } from '../model/types.ts'
import { authenticateClient } from './authenticate-client.ts'

/** Seconds a pushed request waits for the browser. */
const lifespan = 60

/** `POST …/ext/par/request` (RFC 9126). Whatever would go wrong at the authorization endpoint goes wrong here. */
export const createPushedAuthorization = (clock: Clock) => async (realm: Realm, req: Request, res: Response) => {
  const { parameters, repeated } = readParameters(formOf(req))
  const client = await authenticateClient(realm, req, parameters).catch(() => {
    throw oauthError(401, 'invalid_request', 'Authentication failed.')
  })
  const fail = (text: string | undefined) => oauthError(400, 'invalid_request', text)
  if (parameters.request_uri !== undefined) throw fail('It is not allowed to include request_uri to PAR.')
  const { client_secret: _secret, client_assertion: _proof, client_assertion_type: _type, ...request } = parameters
  const pushed = { ...request, client_id: client.clientId }
  if (Object.keys(request).every((name) => name === 'client_id')) throw fail('Missing parameter: response_type')
  const found = findClient(realm, pushed)
  if ('page' in found) throw fail(found.page)
  const problem = requestProblem(realm, client, pushed, repeated)
  if (problem) throw fail('page' in problem ? problem.page : problem.description)
  const uri = `urn:ietf:params:oauth:request_uri:${randomUUID()}`
  const expires = clock.seconds() + lifespan
  realm.pushed.set(uri, { clientId: client.clientId, parameters: pushed, expires, used: false })
  res.status(201).json({ request_uri: uri, expires_in: lifespan })
}
