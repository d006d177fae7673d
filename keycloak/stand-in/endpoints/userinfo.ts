import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import { uniqueForm } from '../http/parameters.ts'
import type { Realm } from '../model/types.ts'
import { inspectToken } from '../tokens/inspect-token.ts'
import { subjectOf } from '../tokens/issue-tokens.ts'
import { mapClaims } from '../tokens/map-claims.ts'
import { grantScope } from '../tokens/scopes.ts'

function refuse(realm: Realm, status: number, error?: string, text?: string): KeycloakError {
  const reason = error ? `, error="${error}", error_description="${text}"` : ''
  return new KeycloakError(status, '', {
    'WWW-Authenticate': `Bearer realm="${realm.name}"${reason}`,
    'Content-Type': 'text/plain;charset=utf-8',
  })
}

/** `GET` or `POST …/userinfo` (OpenID Connect Core section 5.3). Errors are in `WWW-Authenticate`, the body is empty. */
export const createUserinfo = (clock: Clock) => async (realm: Realm, req: Request, res: Response) => {
  const [, bearer] = /^bearer (.+)$/i.exec(req.headers.authorization ?? '') ?? []
  const token = bearer ?? uniqueForm(req).access_token
  if (!token) throw refuse(realm, 401)
  const found = await inspectToken(realm, token, clock, ['Bearer'])
  if ('problem' in found) throw refuse(realm, 401, 'invalid_token', found.problem)
  const { claims, client, user, clientSession } = found.good
  const scope = String(claims.scope ?? '')
  if (!scope.split(' ').includes('openid')) {
    throw refuse(realm, 403, 'insufficient_scope', 'Missing openid scope')
  }
  const grant = grantScope(realm, client, user, scope)
  const subject = subjectOf({ realm, client, user, grant, ...(clientSession ? { clientSession } : {}) })
  res.set('Cache-Control', 'no-store').json({ sub: user.id, ...mapClaims('userinfo', subject, grant).claims })
}
