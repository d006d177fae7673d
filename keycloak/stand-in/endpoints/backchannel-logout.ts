import { randomUUID } from 'node:crypto'
import { request } from 'undici'
import type { Clock } from '../clock.ts'
import type { SsoSession } from '../model/sessions.ts'
import type { Client, Realm } from '../model/types.ts'
import { signJwt } from '../tokens/jwt.ts'

/** Keycloak waits this long for each client, in milliseconds, and never asks again. */
const patience = 5_000

async function logoutToken(realm: Realm, client: Client, session: SsoSession, clock: Clock): Promise<string> {
  const { attributes } = client
  const revokesOffline = attributes['backchannel.logout.revoke.offline.tokens'] === 'true'
  const now = clock.seconds()
  const claims = {
    exp: now + 120,
    iat: now,
    jti: randomUUID(),
    iss: realm.issuer,
    aud: client.clientId,
    sub: session.userId,
    typ: 'Logout',
    sid: attributes['backchannel.logout.session.required'] === 'true' ? session.sid : undefined,
    events: {
      'http://schemas.openid.net/event/backchannel-logout': {},
      ...(revokesOffline ? { revoke_offline_access: true } : {}),
    },
  }
  return signJwt(realm, claims, realm.settings.defaultSignatureAlgorithm ?? 'RS256', 'logout+jwt')
}

async function tell(realm: Realm, client: Client, session: SsoSession, clock: Clock) {
  const url = client.attributes['backchannel.logout.url']
  if (!url || !client.enabled || client.frontchannelLogout) return
  const form = new URLSearchParams({ logout_token: await logoutToken(realm, client, session, clock) })
  try {
    // Not fetch, whose Sec-Fetch headers no server sends.
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'cloakroom-stand-in' },
      body: form.toString(),
      signal: AbortSignal.timeout(patience),
    })
    await answer.body.dump()
  } catch {
    // A client that cannot be reached never keeps a logout from happening, here as in Keycloak.
  }
}

/**
 * Ends a session and tells every client of it, one after another, before it returns
 * (OpenID Connect Back-Channel Logout 1.0).
 */
export async function endSession(realm: Realm, session: SsoSession, clock: Clock): Promise<void> {
  realm.sessions.end(session.sid)
  for (const clientId of session.clients.keys()) {
    const client = realm.clients.get(clientId)
    if (client) await tell(realm, client, session, clock)
  }
}
