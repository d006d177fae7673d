import type { Request, Response } from 'express'
import type { Realm } from '../model/types.ts'

/** The realm's public keys as a JWK Set (RFC 7517): signing keys and, among them, an encryption key. */
export const publicKeys = (realm: Realm) =>
  realm.keys.published().map(({ kid, algorithm, use, publicKey }) => ({
    kid,
    alg: algorithm,
    use,
    ...publicKey?.export({ format: 'jwk' }),
  }))

/** `GET …/certs`. */
export function keySet(realm: Realm, _req: Request, res: Response): void {
  res.set('Cache-Control', 'no-cache').json({ keys: publicKeys(realm) })
}
