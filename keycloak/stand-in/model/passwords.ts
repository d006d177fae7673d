import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>

/**
 * Compares a password with the stored one. Takes the time a hash takes, and the same time when nobody has that name
 * (`stored` undefined), so that the stand-in shows callers the same pace as a server that hashes.
 */
export async function passwordMatches(presented: string, stored: string | undefined): Promise<boolean> {
  const salt = randomBytes(16)
  const [a, b] = await Promise.all([
    derive(presented, salt, 32),
    derive(stored ?? randomBytes(16).toString('hex'), salt, 32),
  ])
  return timingSafeEqual(a, b) && stored !== undefined
}
