import { type Answer, readAnswer } from './answer.ts'
import type { Server } from './servers.ts'

export type AdminCall = {
  /** Sent as JSON; a text is sent as it is. */
  body?: unknown
  /** The role whose service account calls; absent for the administrator of the server. */
  as?: string
  headers?: Record<string, string>
}

/** Calls the admin API; `path` begins below the realm, or below `/admin/realms` when there is none. */
export type AdminClient = (method: string, path: string, call?: AdminCall) => Promise<Answer>

async function tokenOf(url: string, realm: string, form: Record<string, string>): Promise<string> {
  const endpoint = `${url}/realms/${realm}/protocol/openid-connect/token`
  const answer = await readAnswer(await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) }))
  if (answer.status !== 200) throw new Error(`There is no token for ${form.client_id}: ${answer.text}`)
  return answer.json.access_token
}

/** The admin API of a server, or of one of its realms. Tokens of service accounts are fetched once. */
export function createAdminClient({ url, admin }: Server, realm?: string): AdminClient {
  const tokens = new Map<string, string>()

  async function bearer(as: string | undefined): Promise<string> {
    if (as === undefined) return tokenOf(url, 'master', { grant_type: 'password', client_id: 'admin-cli', ...admin })
    const credentials = { client_id: `svc-${as}`, client_secret: 'svc-secret' }
    const token =
      tokens.get(as) ?? (await tokenOf(url, realm ?? '', { grant_type: 'client_credentials', ...credentials }))
    tokens.set(as, token)
    return token
  }

  return async (method, path, { body, as, headers = {} } = {}) => {
    const sent = {
      authorization: `Bearer ${await bearer(as)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }
    const init = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const base = `${url}/admin/realms${realm === undefined ? '' : `/${realm}`}`
    return readAnswer(await fetch(base + path, { method, headers: sent, ...init }))
  }
}
