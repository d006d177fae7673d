import { createPublicKey } from 'node:crypto'
import { z } from 'zod'

/** Members that only a private or a symmetric key has (RFC 7518 section 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const KEPT = ['kty', 'n', 'e', 'crv', 'x', 'y', 'kid', 'alg'] as const
/** Algorithms by the curve of a key, or by its kind. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...{ 'P-256': ['ES256'], 'P-384': ['ES384'], 'P-521': ['ES512'] },
  Ed25519: ['EdDSA', 'Ed25519'],
}
const CURVES = ['P-256', 'P-384', 'P-521']
/** With an exponent of 1 everybody who knows the public key could sign (FIPS 186-5 section A.1.1 asks for 2^16 < e). */
const LEAST_EXPONENT = 65_537n
const RSA_BITS = 2048
const MAX_RSA_BITS = 8192

const text = z.string('must be text').min(1, 'must not be empty').max(2_000, 'is too long')
const key = z
  .looseObject({
    kty: z.enum(['RSA', 'EC', 'OKP'], 'must be RSA, EC or OKP'),
    n: text.optional(),
    e: text.optional(),
    crv: text.optional(),
    x: text.optional(),
    y: text.optional(),
    kid: text.optional(),
    alg: text.optional(),
    use: z.literal('sig', 'must be sig, or be left out').optional(),
  })
  .check(({ value, issues }) => {
    const problem = problemOf(value)
    if (problem !== undefined) issues.push({ code: 'custom', input: undefined, message: problem })
    const fitting = ALGORITHMS[value.kty === 'RSA' ? 'RSA' : String(value.crv)] ?? []
    if (problem === undefined && value.alg !== undefined && !fitting.includes(value.alg)) {
      const message = `must be ${fitting.join(', ')}, or be left out`
      issues.push({ code: 'custom', input: undefined, path: ['alg'], message })
    }
  })
  // Keycloak takes only keys that are marked for signing; what is not about the key is not kept.
  .transform((value) => ({ ...pick(value), use: 'sig' as const }))

/** A set of one to ten public keys (RFC 7517), with nothing in it that must stay secret. */
export const publicKeys = z
  .object(
    {
      keys: z.array(key, 'must be a list of keys').min(1, 'must have a key').max(10, 'must have at most 10 keys'),
    },
    'must be an object with a list of keys',
  )
  .refine(({ keys }) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
    message: 'must have keys that differ in their kid',
    path: ['keys'],
  })

function problemOf(value: Record<string, unknown>): string | undefined {
  if (PRIVATE.some((member) => member in value))
    return 'is a private key; keep it to yourself, make a new one, and send only its public half'
  if (value.kty === 'EC' && !CURVES.includes(String(value.crv))) return `must be of a curve ${CURVES.join(', ')}`
  if (value.kty === 'OKP' && value.crv !== 'Ed25519') return 'must be of the curve Ed25519'
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: pick(value), format: 'jwk' })
    const bits = asymmetricKeyDetails?.modulusLength ?? RSA_BITS
    if (bits < RSA_BITS || bits > MAX_RSA_BITS) return `must have ${RSA_BITS} to ${MAX_RSA_BITS} bits`
    const exponent = asymmetricKeyDetails?.publicExponent ?? LEAST_EXPONENT
    return exponent < LEAST_EXPONENT ? `must have a public exponent of at least ${LEAST_EXPONENT}` : undefined
  } catch {
    return 'is not a public key'
  }
}

function pick(value: Record<string, unknown>): Partial<Record<(typeof KEPT)[number], string>> {
  return Object.fromEntries(
    KEPT.flatMap((member) => (typeof value[member] === 'string' ? [[member, value[member]]] : [])),
  )
}
