import { importPKCS8 } from 'jose'
import * as client from 'openid-client'
import { readClientKey } from '../config/client-key.ts'
import type { ProviderConfig } from '../config/config.ts'

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
  const { key, alg, kid } = readClientKey(text)
  const imported = await importPKCS8(key.export({ type: 'pkcs8', format: 'pem' }).toString(), alg)
  return kid === undefined ? { key: imported } : { key: imported, kid }
}
