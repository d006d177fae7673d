import { createPrivateKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto'

export interface ClientKey {
  readonly key: KeyObject
  /** The JWS algorithm it signs with. */
  readonly alg: string
  readonly kid: string | undefined
}

const ALGORITHM_OF: Record<string, string> = { rsa: 'RS256', 'rsa-pss': 'PS256', ed25519: 'EdDSA' }
const CURVE_OF: Record<string, string> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }
const SIGNING = /^([RP]S|ES)(256|384|512)$|^EdDSA$|^Ed25519$/

/**
 * The private key in a file, PEM or JWK, with which the gateway proves itself (RFC 7523 section 2.2).
 * @throws Error that says what is wrong with the text, without repeating it
 */
export function readClientKey(text: string): ClientKey {
  const jwk = text.trimStart().startsWith('{') ? parseJson(text) : undefined
  const key = privateKey(jwk === undefined ? text : { key: jwk, format: 'jwk' })
  const type = key.asymmetricKeyType ?? ''
  const usual = type === 'ec' ? CURVE_OF[key.asymmetricKeyDetails?.namedCurve ?? ''] : ALGORITHM_OF[type]
  const alg = typeof jwk?.alg === 'string' ? jwk.alg : usual
  if (usual === undefined || alg === undefined || !SIGNING.test(alg))
    throw new Error(`holds a key that cannot sign (${type}); use RSA, P-256, P-384, P-521 or Ed25519`)
  return { key, alg, kid: typeof jwk?.kid === 'string' ? jwk.kid : undefined }
}

function parseJson(text: string): JsonWebKeyInput['key'] & { kid?: unknown } {
  try {
    return JSON.parse(text) as JsonWebKeyInput['key']
  } catch {
    throw new Error('is neither PEM nor a JWK in JSON')
  }
}

function privateKey(source: Parameters<typeof createPrivateKey>[0]): KeyObject {
  try {
    return createPrivateKey(source)
  } catch {
    throw new Error('holds no private key in PEM (PKCS#8) or JWK format; a public key is not enough')
  }
}
