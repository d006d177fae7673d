import { type Answer, ask } from './parts/ask.ts'
import type { BenchProvider } from './provider/provider.ts'

export interface ProtectionsParts {
  port: number
  method: 'session' | 'bearer'
  /** Good ones. */
  credentials: Record<string, string>
  provider: BenchProvider
}

type Check = [what: string, holds: (call: Call) => Promise<boolean>]
type Call = (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>

const ORDER = '/api/orders/7'
const ALWAYS_SENT = [
  'content-security-policy',
  'x-content-type-options',
  'x-frame-options',
  'x-request-id',
  'ratelimit',
  'ratelimit-policy',
]

/**
 * Asks the gateway that is about to be measured whether its protections are on, one by one.
 * @throws Error naming those that are not: a fast gateway without them would be no news
 */
export async function checkProtections({ port, method, credentials, provider }: ProtectionsParts): Promise<void> {
  const call: Call = (path, headers = {}, verb = 'GET') =>
    ask({ port, path, method: verb, headers: { Host: `127.0.0.1:${port}`, ...headers } })
  const checks = [
    ...checksForAll(credentials),
    ...(method === 'session' ? sessionChecks(credentials) : await bearerChecks(provider)),
  ]
  const failed: string[] = []
  for (const [what, holds] of checks) if (!(await holds(call))) failed.push(what)
  if (failed.length > 0) throw new Error(`These protections are not on: ${failed.join('; ')}.`)
}

function checksForAll(credentials: Record<string, string>): Check[] {
  const status = async (answer: Promise<Answer>, wanted: number) => (await answer).status === wanted
  return [
    ['a good call is answered', (call) => status(call(ORDER, credentials), 200)],
    ['nobody gets 401', (call) => status(call(ORDER), 401)],
    ['a foreign host is refused', (call) => status(call(ORDER, { ...credentials, Host: 'elsewhere.example' }), 421)],
    ['a hidden dot segment is refused', (call) => status(call('/api/%2e%2e/orders', credentials), 400)],
    ['an undeclared path is not found', (call) => status(call('/orders', credentials), 404)],
    [
      'an undeclared method is refused',
      (call) => status(call(ORDER, { ...credentials, 'X-CSRF': '1' }, 'DELETE'), 405),
    ],
    [
      'security headers, request id and limits are on every answer',
      async (call) => {
        const { headers } = await call(ORDER, credentials)
        return ALWAYS_SENT.every((name) => headers[name] !== undefined) && headers['cache-control'] === 'no-store'
      },
    ],
    [
      'the API gets the token and the true caller, and no cookie',
      async (call) => {
        const { body } = await call('/api/echo', { ...credentials, 'X-User-Id': 'mallory', X_User_Roles: 'root' })
        const seen = JSON.parse(body) as Record<string, string>
        return (
          /^Bearer eyJ/.test(seen.authorization ?? '') &&
          seen.cookie === '' &&
          /^[0-9a-f-]{36}$/.test(seen.user ?? '') &&
          /(^|,)realm:customer(,|$)/.test(seen.roles ?? '')
        )
      },
    ],
  ]
}

function sessionChecks({ Cookie: cookie = '' }: Record<string, string>): Check[] {
  const forged = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  return [
    ['a forged cookie is refused', async (call) => (await call(ORDER, { Cookie: forged })).status === 401],
    ['a POST needs X-CSRF', async (call) => (await call(ORDER, { Cookie: cookie }, 'POST')).status === 403],
    [
      'a foreign site is refused',
      async (call) => (await call(ORDER, { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' })).status === 403,
    ],
  ]
}

async function bearerChecks({ serviceToken }: BenchProvider): Promise<Check[]> {
  const good = await serviceToken()
  const foreign = await serviceToken('somebody-else')
  const forged = good.replace(/.{8}$/, 'AAAAAAAA')
  const refused = (token: string) => async (call: Call) =>
    (await call(ORDER, { Authorization: `Bearer ${token}` })).status === 401
  return [
    ['a forged token is refused', refused(forged)],
    ["another audience's token is refused", refused(foreign)],
  ]
}
