import { z } from 'zod'
import type { AdminHttp } from '../admin-api/admin-http.ts'
import type { KeycloakEventLog, LogPage } from './keycloak-event-log.ts'
import { rawAdminActs, toAdminActView } from './to-admin-act-view.ts'
import { rawLogins, toLoginView } from './to-login-view.ts'

const config = z.object({
  eventsEnabled: z.boolean().default(false),
  eventsExpiration: z.number().optional(),
  adminEventsEnabled: z.boolean().default(false),
  enabledEventTypes: z.array(z.string()).default([]),
})

type Filter = readonly (readonly [name: string, value: string | number | undefined])[]

/**
 * The log that administrators read, by the gateway's service account (`view-events`). Moments are sent as milliseconds,
 * which Keycloak knows since 26.2: a time of day it refuses, and a mere day would be one of its own time zone.
 */
export function createHttpKeycloakEventLog(http: AdminHttp): KeycloakEventLog {
  async function page<R, V>(
    list: { path: string; filter: Filter; schema: z.ZodType<R[]>; toView: (raw: R) => V },
    { first, max, from, to }: { first: number; max: number; from?: number | undefined; to?: number | undefined },
  ) {
    // One more than is shown tells whether there are more: Keycloak does not count events.
    const paging: Filter = [
      ['dateFrom', millis(from)],
      ['dateTo', millis(to)],
      ['first', first],
      ['max', max + 1],
    ]
    const [found, settings] = await Promise.all([
      http(`${list.path}?${query([...list.filter, ...paging])}`).then((answer) => answer.read(list.schema)),
      http('/events/config').then((answer) => answer.read(config)),
    ])
    const shown: Pick<LogPage<V>, 'events' | 'more'> = {
      events: found.slice(0, max).map(list.toView),
      more: found.length > max,
    }
    return { ...shown, settings }
  }

  return {
    async logins({ types = [], user, client, ip, ...range }) {
      const filter: Filter = [
        ...types.map((type) => ['type', type] as const),
        ['user', user],
        ['client', client],
        ['ipAddress', ip],
      ]
      const { settings, ...shown } = await page(
        { path: '/events', filter, schema: rawLogins, toView: toLoginView },
        range,
      )
      const { eventsEnabled: enabled, eventsExpiration: expiration = 0, enabledEventTypes: keptTypes } = settings
      return { ...shown, enabled, keptTypes, keptFor: expiration > 0 ? expiration : null }
    },
    async adminActs({ operations = [], resourceTypes = [], actor, path, ip, ...range }) {
      const filter: Filter = [
        ...operations.map((operation) => ['operationTypes', operation] as const),
        ...resourceTypes.map((type) => ['resourceTypes', type] as const),
        ...([
          ['authUser', actor],
          ['resourcePath', path],
          ['authIpAddress', ip],
        ] as const),
      ]
      const list = { path: '/admin-events', filter, schema: rawAdminActs, toView: toAdminActView }
      const { settings, ...shown } = await page(list, range)
      // How long these are kept is an attribute of the realm, which an account that only views events does not see.
      return { ...shown, enabled: settings.adminEventsEnabled, keptFor: null }
    },
  }
}

/** Nothing happened before 1970, and a negative number is refused. */
const millis = (moment: number | undefined) => (moment === undefined ? undefined : Math.max(0, Math.floor(moment)))

function query(entries: Filter): URLSearchParams {
  return new URLSearchParams(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
}
