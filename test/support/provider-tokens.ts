import { createHash } from 'node:crypto'
import { forgeJwt, type SigningKey } from './jwt-forge.ts'
import type { ProviderScript, TokenScript } from './provider-script.ts'
import type { Person } from './the.ts'

/** What a code or refresh token stands for. */
export interface Grant {
  readonly person: Person
  readonly sid: string | undefined
  readonly acr: string
  readonly scope: string
  readonly clientId: string
  readonly authTime: number
  nonce: string | undefined
  /** Refresh tokens that still work, and how often each was used. */
  readonly refreshTokens: Map<string, number>
  over: boolean
}

export interface MintParts {
  issuer: string
  key: SigningKey
  script: ProviderScript
  /** Seconds since the epoch. */
  now: number
}

/** An access token as Keycloak writes it, then as the script wants it. */
export function mintAccessToken({ issuer, key, script, now }: MintParts, grant: Grant): string {
  const { person } = grant
  const clients = Object.entries(person.clientRoles).map(([client, roles]) => [client, { roles }])
  const claims = {
    exp: now + (script.expiresIn ?? 300),
    iat: now,
    auth_time: grant.authTime,
    jti: `onrtac:${Math.random()}`,
    iss: issuer,
    aud: ['orders-api', 'account'],
    sub: person.sub,
    typ: 'Bearer',
    azp: grant.clientId,
    sid: grant.sid,
    acr: grant.acr,
    realm_access: { roles: person.realmRoles },
    resource_access: Object.fromEntries(clients),
    groups: person.groups,
    scope: grant.scope,
    ...personal(person),
  }
  return write(script.accessToken, key, claims)
}

/** An ID token for one access token. */
export function mintIdToken(parts: MintParts, grant: Grant, accessToken: string, extra = {}): string {
  const { issuer, key, script, now } = parts
  const digest = createHash('sha256').update(accessToken).digest()
  const claims = {
    exp: now + (script.expiresIn ?? 300),
    iat: now,
    auth_time: grant.authTime,
    jti: `id:${Math.random()}`,
    iss: issuer,
    aud: grant.clientId,
    sub: grant.person.sub,
    typ: 'ID',
    azp: grant.clientId,
    nonce: grant.nonce,
    sid: grant.sid,
    at_hash: digest.subarray(0, digest.length / 2).toString('base64url'),
    acr: grant.acr,
    ...personal(grant.person),
    ...extra,
  }
  return write(script.idToken, key, claims)
}

export function personal(person: Person): Record<string, unknown> {
  return { preferred_username: person.username, email: person.email, name: person.name }
}

function write(script: TokenScript, key: SigningKey, usual: Record<string, unknown>): string {
  const payload = typeof script.claims === 'function' ? script.claims(usual) : { ...usual, ...script.claims }
  const header = { alg: key.alg, typ: 'JWT', kid: key.kid, ...script.header }
  const text = script.payload?.(payload as Record<string, unknown>) ?? payload
  const signing = script.sign ?? { alg: key.alg, key: key.privateKey }
  return script.text(forgeJwt({ header, payload: text, ...signing }))
}
