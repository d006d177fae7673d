import { constants, createHmac, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { JWK } from 'jose'

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
  /** As a key set publishes it. */
  readonly publicJwk: JWK
}

/** What to write into a token; everything may be wrong on purpose. */
export interface Forgery {
  header: Record<string, unknown>
  /** An object, or the very text of the payload for what JSON.stringify would not write. */
  payload: unknown
  /** How to sign, whatever the header says: an algorithm of JWA, or `none`. */
  alg: string
  key?: KeyObject | string
}

const generate = promisify(generateKeyPair)
const CURVES: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/** A fresh key pair for one signature algorithm. */
export async function newSigningKey(alg = 'RS256', kid = `key-${Math.random().toString(36).slice(2, 10)}`) {
  const { privateKey, publicKey } = await keyPair(alg)
  const jwk = publicKey.export({ format: 'jwk' })
  return { kid, alg, privateKey, publicJwk: { ...jwk, kid, alg, use: 'sig' } as JWK } satisfies SigningKey
}

function keyPair(alg: string): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  const namedCurve = CURVES[alg]
  if (namedCurve !== undefined) return generate('ec', { namedCurve })
  if (alg === 'EdDSA') return generate('ed25519')
  return generate('rsa', { modulusLength: 2048 })
}

/** A compact JWS exactly as told, valid or not; jose would refuse to write most of these. */
export function forgeJwt({ header, payload, alg, key }: Forgery): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const input = `${base64url(JSON.stringify(header))}.${base64url(text)}`
  return `${input}.${signature(alg, input, key)}`
}

/** The same token with one bit of its signature turned. */
export function breakSignature(token: string): string {
  const [header, payload, text = ''] = token.split('.')
  const bytes = Buffer.from(text, 'base64url')
  bytes[8] = (bytes[8] ?? 0) ^ 1
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

/** A public key as people paste it, for attacks that use it as an HMAC secret. */
export function publicPem(key: SigningKey): string {
  return createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' }).toString()
}

function signature(alg: string, input: string, key: KeyObject | string | undefined): string {
  if (alg === 'none') return ''
  const hash = `sha${alg.slice(2)}`
  if (alg.startsWith('HS'))
    return createHmac(hash, key ?? '')
      .update(input)
      .digest('base64url')
  if (key === undefined || typeof key === 'string') throw new Error(`${alg} needs a private key`)
  const data = Buffer.from(input)
  if (alg === 'EdDSA') return sign(null, data, key).toString('base64url')
  if (alg.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  if (alg.startsWith('PS')) {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(alg.slice(2)) / 8 }
    return sign(hash, data, { key, ...padding }).toString('base64url')
  }
  return sign(hash, data, key).toString('base64url')
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
