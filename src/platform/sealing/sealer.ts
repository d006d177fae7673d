import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Seals JSON so that who reads the store learns nothing and who writes to it forges nothing. */
export interface Sealer {
  /** @param context bound to the text (associated data): a sealed value moved to another place does not open */
  seal(value: unknown, context: string): string
  /** The value, or undefined when it was not sealed by a known key for this context. */
  open(sealed: string, context: string): unknown
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 's1'

/**
 * AES-256-GCM (NIST SP 800-38D) with a fresh random nonce each time and a ring of keys: the first seals, all open.
 * @param keys 32 bytes each
 */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const ring = new Map(keys.map((key) => [keyId(key), key]))
  const [first] = keys
  if (first === undefined) throw new Error('a sealer needs at least one key')
  const firstId = keyId(first)

  return {
    seal(value, context) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([
        nonce,
        cipher.update(JSON.stringify(value), 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `${VERSION}.${firstId}.${body.toString('base64url')}`
    },
    open(sealed, context) {
      const [version, id = '', text = ''] = sealed.split('.')
      const key = ring.get(id)
      const body = Buffer.from(text, 'base64url')
      if (version !== VERSION || key === undefined || body.length < NONCE_BYTES + TAG_BYTES) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(Buffer.from(context))
        decipher.setAuthTag(body.subarray(-TAG_BYTES))
        const plain = Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
        return JSON.parse(plain.toString('utf8'))
      } catch {
        return undefined
      }
    },
  }
}

/** Names a key without giving it away. */
function keyId(key: Buffer): string {
  return createHash('sha256').update('cloakroom key id').update(key).digest('base64url').slice(0, 8)
}
