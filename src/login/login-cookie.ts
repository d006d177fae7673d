import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LOGIN_LIFETIME_SECONDS } from './login-transaction.ts'

const MAX_PENDING = 5

export interface LoginCookies {
  /** Binds a pending login to this browser; the oldest go when there would be more than five. */
  add(req: IncomingMessage, res: ServerResponse, state: string, secret: string, now: number): void
  /** Whether the request comes from the browser that holds this login's secret. */
  holds(req: IncomingMessage, state: string, secretHash: string): boolean
  remove(res: ServerResponse, state: string): void
}

/**
 * One short-lived cookie for each pending login, so that tabs that start at once do not overwrite each other. Lax,
 * because the provider's redirect back comes from another site.
 */
export function createLoginCookies(secure: boolean): LoginCookies {
  const prefix = secure ? '__Host-cloakroom-login-' : 'cloakroom-login-'
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  const pattern = new RegExp(`^${prefix}[\\w-]{12}$`)
  const nameOf = (state: string) => prefix + createHash('sha256').update(state).digest('base64url').slice(0, 12)
  const expire = (name: string) => `${name}=; ${attributes}; Max-Age=0`

  return {
    add(req, res, state, secret, now) {
      const pending = cookiesOf(req).filter(([name]) => pattern.test(name))
      const oldestFirst = pending.sort(([, a], [, b]) => startOf(a) - startOf(b))
      const surplus = oldestFirst.slice(0, Math.max(0, oldestFirst.length - MAX_PENDING + 1))
      for (const [name] of surplus) res.appendHeader('Set-Cookie', expire(name))
      res.appendHeader(
        'Set-Cookie',
        `${nameOf(state)}=${now.toString(36)}.${secret}; ${attributes}; Max-Age=${LOGIN_LIFETIME_SECONDS}`,
      )
    },
    holds(req, state, secretHash) {
      const values = cookiesOf(req).filter(([name]) => name === nameOf(state))
      const [first] = values
      if (first === undefined || values.length > 1) return false
      const given = Buffer.from(hashSecret(first[1].slice(first[1].indexOf('.') + 1)))
      const expected = Buffer.from(secretHash)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    remove: (res, state) => void res.appendHeader('Set-Cookie', expire(nameOf(state))),
  }
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

function cookiesOf(req: IncomingMessage): [name: string, value: string][] {
  return (req.headers.cookie ?? '').split(';').map((part) => {
    const at = part.indexOf('=')
    return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()]
  })
}

function startOf(value: string): number {
  return Number.parseInt(value.split('.')[0] ?? '', 36) || 0
}
