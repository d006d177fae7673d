import { createHmac, randomBytes } from 'node:crypto'
import type { Cache } from '../platform/cache/cache.ts'
import type { Clock } from '../platform/clock.ts'
import type { ServiceClient } from './service-client.ts'

/** What the provider says of an active token, as far as it is told; undefined for any other token. */
export type ActiveToken = Readonly<Record<string, unknown>> | undefined

/** Asks the provider in the name of a client. @throws GatewayError CLIENT_REFUSED, KEYCLOAK_UNAVAILABLE and the like */
export type Introspect = (client: ServiceClient, parameters: Readonly<Record<string, string>>) => Promise<ActiveToken>

export interface RememberIntrospectionsParts {
  /** Emptied on every instance whenever a token, a session, an account or a client ends or changes by way of the gateway. */
  cache: Cache<ActiveToken>
  clock: Clock
  /** Whether such an end would certainly be heard of here. */
  mayRemember: () => boolean
  /** Whether a logout of the token's session has been heard of; Keycloak tells of it before it has carried it out. */
  isLoggedOut: (token: NonNullable<ActiveToken>) => Promise<boolean>
}

/**
 * Remembers what was said of active tokens, for seconds and never past their end, to the one client that asked with the very
 * same credential: whoever presents another secret is another question, which goes to the provider. An assertion (RFC 7523)
 * is good for one request, so nothing is remembered that was asked with one.
 */
export function rememberIntrospections(ask: Introspect, parts: RememberIntrospectionsParts): Introspect {
  const { cache, clock, mayRemember, isLoggedOut } = parts
  // Of this process alone: a key tells nothing of the secret and the token that it stands for.
  const secret = randomBytes(32)

  return function introspect(client, parameters) {
    const isOff = cache.info().ttl <= 0
    if (isOff || !mayRemember() || Object.hasOwn(client.parameters, 'client_assertion')) return ask(client, parameters)
    const asked = JSON.stringify([client.id, client.headers, client.parameters, parameters])
    const key = createHmac('sha256', secret).update(asked).digest('base64url')
    return cache.getOrLoad(key, async (keepFor) => {
      const token = await ask(client, parameters)
      const left = typeof token?.exp === 'number' ? token.exp - clock.now() / 1000 : 0
      const isWorthIt = token !== undefined && left > 0 && !(await isLoggedOut(token).catch(() => true))
      keepFor(isWorthIt ? left : 0)
      return token
    })
  }
}
