import { createPrivateKey } from 'node:crypto'
import { importJWK, importPKCS8, type JWK } from 'jose'
import * as client from 'openid-client'
import type { ProviderConfig } from '../config/config.ts'

const ALGORITHM_OF: Record<string, string> = { rsa: 'RS256', 'rsa-pss': 'PS256', ed25519: 'EdDSA' }
const CURVE_OF: Record<string, string> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** How the gateway proves itself to the provider (OpenID Connect Core section 9). */
export function createClientAuth(provider: ProviderConfig): () => Promise<client.ClientAuth> {
  return async function clientAuth() {
    if (provider.clientAuth === 'private_key_jwt')
      return client.PrivateKeyJwt(await importKey(provider.clientKey ?? ''))
    const secret = provider.clientSecret ?? ''
    return provider.clientAuth === 'client_secret_post'
      ? client.ClientSecretPost(secret)
      : client.ClientSecretBasic(secret)
  }
}

async function importKey(text: string): Promise<client.PrivateKey> {
  if (text.trimStart().startsWith('{')) {
    const jwk = JSON.parse(text) as JWK
    const key = (await importJWK(
      jwk,
      jwk.alg ?? algorithmOf(createPrivateKey({ key: jwk as never, format: 'jwk' })),
    )) as CryptoKey
    return jwk.kid === undefined ? { key } : { key, kid: jwk.kid }
  }
  const key = createPrivateKey(text)
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { key: await importPKCS8(pem, algorithmOf(key)) }
}

function algorithmOf(key: ReturnType<typeof createPrivateKey>): string {
  const type = key.asymmetricKeyType ?? ''
  const found = type === 'ec' ? CURVE_OF[key.asymmetricKeyDetails?.namedCurve ?? ''] : ALGORITHM_OF[type]
  if (found === undefined) throw new Error(`OIDC_CLIENT_KEY_FILE holds a key of a kind that cannot sign (${type})`)
  return found
}
