import { randomUUID } from 'node:crypto'
import { forgeJwt, type SigningKey } from './jwt-forge.ts'
import type { ScriptedProvider } from './scripted-provider.ts'
import { the } from './the.ts'

/** What differs from a good logout token of alice; `undefined` takes a member away. */
export interface LogoutTokenChanges {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  sign?: { alg: string; key?: SigningKey['privateKey'] | string }
  text?: (token: string) => string
}

export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** A logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4) of the provider, made `now` (milliseconds). */
export function logoutToken(provider: ScriptedProvider, now: number, changes: LogoutTokenChanges = {}): string {
  const { header = {}, claims = {}, sign, text = (token: string) => token } = changes
  const key = provider.key()
  const seconds = Math.floor(now / 1000)
  const usual = {
    iss: provider.issuer,
    aud: the.clientId,
    iat: seconds,
    exp: seconds + 120,
    jti: randomUUID(),
    typ: 'Logout',
    sub: the.alice().sub,
    sid: 'sso-of-the-browser',
    events: { [LOGOUT_EVENT]: {} },
  }
  const token = {
    header: { alg: 'RS256', typ: 'logout+jwt', kid: key.kid, ...header },
    payload: { ...usual, ...claims },
  }
  return text(forgeJwt({ ...token, alg: 'RS256', key: key.privateKey, ...sign }))
}
