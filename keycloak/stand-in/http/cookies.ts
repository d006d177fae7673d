import type { IncomingMessage } from 'node:http'

/** Ties a login form to the browser it was opened in. */
export const loginCookie = 'AUTH_SESSION_ID'

/** Carries the session of a browser that is signed in. */
export const identityCookie = 'KEYCLOAK_IDENTITY'

/** The value of a cookie of this request; the first one when a client sends several of that name. */
export function readCookie(req: IncomingMessage, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

/** A cookie for everything below one realm. `Lax`, because the stand-in speaks plain HTTP. */
export const realmCookie = (realm: string, name: string, value: string) =>
  `${name}=${value}; Path=/realms/${realm}/; HttpOnly; SameSite=Lax`

/** Takes such a cookie away again. */
export const expiredCookie = (realm: string, name: string) => `${realmCookie(realm, name, '')}; Max-Age=0`
