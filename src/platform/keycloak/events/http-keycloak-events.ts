import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { GatewayError, unavailable } from '../../errors/gateway-error.ts'
import { dependencyFailureIn } from '../../http/dependency-failure.ts'
import type { Fetch } from '../../http/guarded-fetch.ts'
import type { AdminToken } from '../admin-api/admin-token.ts'
import type { EventPage, KeycloakEvents } from './keycloak-events.ts'

export interface HttpKeycloakEventsParts {
  /** Keycloak's address without a last slash. */
  baseUrl: string
  realm: string
  token: AdminToken
  /** Guarded, with a breaker of its own. */
  fetch: Fetch
  /** Only where Keycloak does not say what time it is. */
  clock: Clock
}

const adminEvents = z.array(
  z
    .object({
      id: z.string().optional(),
      time: z.number(),
      operationType: z.string(),
      resourceType: z.string().default(''),
      resourcePath: z.string().default(''),
    })
    .transform(({ id, time, operationType: operation, resourceType, resourcePath: path }) => ({
      // Before 26.2 events had no id.
      id: id ?? `${time} ${operation} ${path}`,
      ...{ time, operation, resourceType, path },
    })),
)
const userEvents = z.array(
  z
    .object({
      id: z.string().optional(),
      time: z.number(),
      type: z.string(),
      userId: z.string().optional(),
      sessionId: z.string().optional(),
    })
    .transform(({ id, time, type, userId, sessionId }) => ({
      id: id ?? `${time} ${type} ${sessionId ?? userId ?? ''}`,
      ...{ time, type, userId, sessionId },
    })),
)
const eventsConfig = z.object({
  eventsEnabled: z.boolean().default(false),
  adminEventsEnabled: z.boolean().default(false),
  enabledEventTypes: z.array(z.string()).default([]),
})
const user = z.object({ enabled: z.boolean().default(false), notBefore: z.number().default(0) })
const credentials = z.array(z.object({ type: z.string(), createdDate: z.number().optional() }))

/**
 * Reads the realm's events through the admin API. Not through @keycloak/keycloak-admin-client: it knows neither the order of
 * events nor their time in milliseconds (both since Keycloak 26.2), and without them a busy realm cannot be followed.
 */
export function createHttpKeycloakEvents({
  baseUrl,
  realm,
  token,
  fetch,
  clock,
}: HttpKeycloakEventsParts): KeycloakEvents {
  const root = `${baseUrl}/admin/realms/${encodeURIComponent(realm)}`

  async function call(path: string): Promise<Response> {
    const ask = async () => fetch(root + path, { headers: { authorization: `Bearer ${await token.get()}` } })
    try {
      const answer = await ask()
      if (answer.status !== 401) return answer
      // The token may have been revoked, or the keys changed: ask once more with a new one.
      token.forget()
      return await ask()
    } catch (error) {
      const failure = dependencyFailureIn(error)
      throw failure === undefined ? error : unavailable('KEYCLOAK_UNAVAILABLE', failure.message, error)
    }
  }

  /** @returns undefined for what is not there */
  async function read<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T> | undefined> {
    return readAnswer(await call(path), schema)
  }

  async function readAnswer<T extends z.ZodType>(answer: Response, schema: T): Promise<z.output<T> | undefined> {
    const { status } = answer
    if (status === 404) return undefined
    if (status === 401 || status === 403)
      throw new GatewayError('KEYCLOAK_REFUSED', {
        reason: `the admin API answered ${status}: its service account needs view-events and view-users`,
      })
    if (status !== 200) throw unavailable('KEYCLOAK_UNAVAILABLE', `the admin API answered ${status}`)
    const body = schema.safeParse(await answer.json().catch(() => undefined))
    // A proxy or a login page in front of Keycloak answers 200 too; what it says is no answer.
    if (!body.success) throw unavailable('KEYCLOAK_UNAVAILABLE', 'the admin API gave an answer of another kind')
    return body.data
  }

  return {
    async areKept() {
      const answer = await call('/events/config')
      const config = await readAnswer(answer, eventsConfig)
      const time = Date.parse(answer.headers.get('date') ?? '')
      return {
        kept:
          (config?.adminEventsEnabled && config.eventsEnabled && config.enabledEventTypes.includes('LOGOUT')) ?? false,
        time: Number.isNaN(time) ? clock.now() : time,
      }
    },
    async adminEvents(page) {
      return (await read(`/admin-events?${query(page)}`, adminEvents)) ?? []
    },
    async userEvents(page, types) {
      const wanted = types.map((type) => `&type=${type}`).join('')
      return (await read(`/events?${query(page)}${wanted}`, userEvents)) ?? []
    },
    async standing(id) {
      const path = `/users/${encodeURIComponent(id)}`
      const [found, kept] = await Promise.all([read(path, user), read(`${path}/credentials`, credentials)])
      if (found === undefined) return undefined
      const set = kept?.filter(({ type }) => type === 'password').map(({ createdDate }) => createdDate ?? 0) ?? []
      const passwordSetAt = set.length > 0 ? Math.max(...set) : null
      return { enabled: found.enabled, notBefore: found.notBefore * 1000, passwordSetAt }
    },
    realmNotBefore: token.notBefore,
  }
}

function query({ from, first, max }: EventPage): string {
  return `dateFrom=${Math.max(0, Math.floor(from))}&direction=asc&first=${first}&max=${max}`
}
