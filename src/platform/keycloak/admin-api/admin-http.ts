import type { z } from 'zod'
import { GatewayError, unavailable } from '../../errors/gateway-error.ts'
import { dependencyFailureIn } from '../../http/dependency-failure.ts'
import type { Fetch } from '../../http/guarded-fetch.ts'
import type { AdminToken } from './admin-token.ts'

export interface AdminHttpParts {
  /** Keycloak's address without a last slash. */
  baseUrl: string
  realm: string
  token: Pick<AdminToken, 'get' | 'forget'>
  /** Guarded, with a breaker of its own and without retries: a write is not repeated blindly. */
  fetch: Fetch
  /** What the service account should be able to do, for the log. */
  needs: string
}

export interface AdminRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: object
  /** Statuses that are an answer here, besides success; anything else is thrown. */
  accept?: readonly number[]
}

export interface AdminAnswer {
  readonly status: number
  /** The last part of `Location`: the id of what was made. */
  readonly madeId: string | undefined
  /** Keycloak's own time, milliseconds since the epoch, in whole seconds; undefined where it does not say. */
  readonly time: number | undefined
  /** @throws GatewayError KEYCLOAK_UNAVAILABLE when the body is of another kind */
  read<T extends z.ZodType>(schema: T): Promise<z.output<T>>
}

/**
 * One call below `/admin/realms/{realm}`. Not through @keycloak/keycloak-admin-client where an answer's time counts, or a
 * status that the library takes for an error.
 * @throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED, or INVALID_REQUEST for a 400 that was not expected
 */
export type AdminHttp = (path: string, request?: AdminRequest) => Promise<AdminAnswer>

export function createAdminHttp({ baseUrl, realm, token, fetch, needs }: AdminHttpParts): AdminHttp {
  const root = `${baseUrl}/admin/realms/${encodeURIComponent(realm)}`

  async function send(path: string, { method = 'GET', body }: AdminRequest): Promise<Response> {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    return fetch(root + path, {
      method,
      headers: { authorization: `Bearer ${await token.get()}`, ...type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  return async function adminHttp(path, request = {}) {
    const answer = await reached(async () => {
      const first = await send(path, request)
      if (first.status !== 401) return first
      // The token may have been revoked, or the keys changed: ask once more with a new one.
      token.forget()
      return send(path, request)
    })
    const { status, headers } = answer
    if (!answer.ok && request.accept?.includes(status) !== true) throw refusal(status, needs)
    const time = Date.parse(headers.get('date') ?? '')
    return {
      status,
      madeId: headers.get('location')?.split('/').at(-1),
      time: Number.isNaN(time) ? undefined : time,
      async read(schema) {
        const body = schema.safeParse(await answer.json().catch(() => undefined))
        // A proxy or a login page in front of Keycloak answers 200 too; what it says is no answer.
        if (!body.success) throw unavailable('KEYCLOAK_UNAVAILABLE', 'the admin API gave an answer of another kind')
        return body.data
      },
    }
  }
}

async function reached(call: () => Promise<Response>): Promise<Response> {
  try {
    return await call()
  } catch (error) {
    const failure = dependencyFailureIn(error)
    throw failure === undefined ? error : unavailable('KEYCLOAK_UNAVAILABLE', failure.message, error)
  }
}

function refusal(status: number, needs: string): GatewayError {
  const reason = `the admin API answered ${status}`
  if (status === 401 || status === 403)
    return new GatewayError('KEYCLOAK_REFUSED', { reason: `${reason}: its service account needs ${needs}` })
  if (status === 404) return new GatewayError('NOT_FOUND', { reason })
  if (status === 400) return new GatewayError('INVALID_REQUEST', { reason })
  return unavailable('KEYCLOAK_UNAVAILABLE', reason)
}
