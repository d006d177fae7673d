import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'

export interface BenchClient {
  readonly id: string
  readonly secret: string
  readonly redirectUris: readonly string[]
  /** The audience of the API behind the gateway. */
  readonly audience: string
}

export interface Tokens {
  readonly publicKey: JWK
  /** A token answer for a person. */
  answer(subject: string, nonce: string | null): Promise<object>
  /** Whose refresh token it is; undefined when it is none. */
  subjectOfRefreshToken(text: string): Promise<string | undefined>
  /** An access token of a service, each of another one. @param audience whom it is for; default the API behind the gateway */
  serviceToken(audience?: string): Promise<string>
}

/** Longer than any sensible benchmark, so that nothing expires half-way. */
const LIFETIME_SECONDS = 86_400

/** Tokens with the members and the size that Keycloak gives them: what is forwarded with each call has its price. */
export async function createTokens(issuer: string, client: BenchClient): Promise<Tokens> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const kid = randomUUID()

  const sign = (claims: JWTPayload) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime(`${LIFETIME_SECONDS}s`)
      .setJti(randomUUID())
      .sign(privateKey)

  const accessToken = (claims: JWTPayload) =>
    sign({
      aud: [client.audience, 'account'],
      typ: 'Bearer',
      azp: client.id,
      acr: '1',
      'allowed-origins': ['http://127.0.0.1'],
      realm_access: { roles: ['default-roles-bench', 'offline_access', 'customer', 'uma_authorization'] },
      resource_access: { account: { roles: ['manage-account', 'manage-account-links', 'view-profile'] } },
      scope: 'openid profile email',
      ...claims,
    })

  const person = (subject: string) => ({
    sub: subject,
    sid: subject,
    preferred_username: `ada-${subject.slice(0, 8)}`,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    email: `ada-${subject.slice(0, 8)}@example.com`,
    email_verified: true,
  })

  return {
    publicKey: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
    async answer(subject, nonce) {
      const now = Math.floor(Date.now() / 1000)
      return {
        access_token: await accessToken(person(subject)),
        token_type: 'Bearer',
        expires_in: LIFETIME_SECONDS,
        refresh_token: await sign({ aud: issuer, typ: 'Refresh', azp: client.id, sub: subject }),
        id_token: await sign({
          ...person(subject),
          aud: client.id,
          azp: client.id,
          typ: 'ID',
          auth_time: now,
          ...(nonce === null ? {} : { nonce }),
        }),
        scope: 'openid profile email',
      }
    },
    async subjectOfRefreshToken(text) {
      try {
        const { payload } = await jwtVerify(text, publicKey, { issuer, audience: issuer })
        return payload.typ === 'Refresh' ? payload.sub : undefined
      } catch {
        return undefined
      }
    },
    serviceToken: (audience = client.audience) =>
      accessToken({
        aud: audience,
        sub: randomUUID(),
        azp: 'orders-service',
        client_id: 'orders-service',
        preferred_username: 'service-account-orders-service',
      }),
  }
}
