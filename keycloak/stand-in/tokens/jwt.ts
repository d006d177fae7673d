import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose'
import type { Realm } from '../model/types.ts'
import type { Claims } from './mappers.ts'

/** Signs claims with the realm's present key for this algorithm. */
export async function signJwt(realm: Realm, claims: Claims, algorithm: string, type = 'JWT'): Promise<string> {
  const key = await realm.keys.signing(algorithm)
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  return new CompactSign(payload).setProtectedHeader({ alg: algorithm, typ: type, kid: key.kid }).sign(key.key)
}

/**
 * Reads a token this realm signed, whatever its age.
 * @returns its claims, or nothing when the form, the key or the signature is wrong
 */
export async function readJwt(realm: Realm, token: string): Promise<Claims | undefined> {
  try {
    const { kid, alg } = decodeProtectedHeader(token)
    const key = realm.keys.find(kid)
    if (!key || key.algorithm !== alg) return undefined
    const { payload } = await compactVerify(token, key.publicKey ?? key.key)
    return JSON.parse(new TextDecoder().decode(payload))
  } catch {
    return undefined
  }
}
