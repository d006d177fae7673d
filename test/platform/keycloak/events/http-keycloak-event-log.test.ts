import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { DependencyFailure } from '../../../../src/platform/http/dependency-failure.ts'
import { createAdminHttp } from '../../../../src/platform/keycloak/admin-api/admin-http.ts'
import { createHttpKeycloakEventLog } from '../../../../src/platform/keycloak/events/http-keycloak-event-log.ts'

const CONFIG = { eventsEnabled: true, eventsExpiration: 600, adminEventsEnabled: true, enabledEventTypes: ['LOGIN'] }
const PAGE = { first: 0, max: 2 }

/** A Keycloak that answers each path as it is told. */
function eventLog(answer: (path: string) => unknown) {
  const asked: string[] = []
  const http = createAdminHttp({
    baseUrl: 'http://kc.test',
    realm: 'demo',
    token: { get: async () => 'token', forget: () => undefined },
    needs: 'view-events',
    async fetch(url) {
      const path = url.replace('http://kc.test/admin/realms/demo', '')
      asked.push(path)
      const body = answer(path)
      return body instanceof Response ? body : Response.json(body)
    },
  })
  return { log: createHttpKeycloakEventLog(http), asked }
}

const isConfig = (path: string) => path === '/events/config'
const login = (id: string) => ({ id, time: 1, type: 'LOGIN', realmId: 'r' })

describe("Keycloak's log of events", () => {
  it('is asked with every filter in the form that Keycloak takes', async () => {
    const { log, asked } = eventLog((path) => (isConfig(path) ? CONFIG : []))
    const range = { from: 1_000.7, to: 2_000, first: 40, max: 20, ip: '10.0.0.7' }
    await log.logins({ ...range, types: ['LOGIN', 'LOGOUT'], user: 'a&b', client: 'shop#1' })
    await log.adminActs({
      ...range,
      from: -5,
      operations: ['UPDATE'],
      resourceTypes: ['USER', 'GROUP'],
      actor: 'u1',
      path: 'users/*',
    })
    expect(asked.filter((path) => !isConfig(path))).to.deep.equal([
      '/events?type=LOGIN&type=LOGOUT&user=a%26b&client=shop%231&ipAddress=10.0.0.7&dateFrom=1000&dateTo=2000&first=40&max=21',
      '/admin-events?operationTypes=UPDATE&resourceTypes=USER&resourceTypes=GROUP&authUser=u1&resourcePath=users%2F*&authIpAddress=10.0.0.7&dateFrom=0&dateTo=2000&first=40&max=21',
    ])
  })

  it('leaves out what is not asked for', async () => {
    const { log, asked } = eventLog((path) => (isConfig(path) ? CONFIG : []))
    await log.logins(PAGE)
    expect(asked[0]).to.equal('/events?first=0&max=3')
  })

  it('tells whether there is more by asking for one more than it shows', async () => {
    for (const [there, more] of [
      [1, false],
      [2, false],
      [3, true],
    ] as const) {
      const rows = Array.from({ length: there }, (_, at) => login(`e${at}`))
      const page = await eventLog((path) => (isConfig(path) ? CONFIG : rows)).log.logins(PAGE)
      expect([page.events.length, page.more]).to.deep.equal([Math.min(there, 2), more])
    }
  })

  it('says whether it is kept, which types of it, and for how long', async () => {
    const kept = await eventLog((path) => (isConfig(path) ? CONFIG : [])).log.logins(PAGE)
    expect(kept).to.deep.include({ enabled: true, keptTypes: ['LOGIN'], keptFor: 600 })
    const off = eventLog((path) => (isConfig(path) ? { eventsEnabled: false } : [])).log
    expect(await off.logins(PAGE)).to.deep.include({ enabled: false, keptTypes: [], keptFor: null, events: [] })
    expect(await off.adminActs(PAGE)).to.deep.include({ enabled: false, keptFor: null })
  })

  for (const [what, answer, code] of [
    ['the role is missing', () => Response.json({}, { status: 403 }), 'KEYCLOAK_REFUSED'],
    ['Keycloak fails', () => Response.json({ error: 'unknown_error' }, { status: 500 }), 'KEYCLOAK_UNAVAILABLE'],
    ['a login page answers', () => new Response('<html>'), 'KEYCLOAK_UNAVAILABLE'],
    ['the answer is of another kind', () => ({ events: [] }), 'KEYCLOAK_UNAVAILABLE'],
    ['an event is of another kind', () => [{ time: 'today', type: 7 }], 'KEYCLOAK_UNAVAILABLE'],
    [
      'the breaker is open',
      () => {
        throw new DependencyFailure('breaker-open', 'the breaker of keycloak:event-log is open')
      },
      'KEYCLOAK_UNAVAILABLE',
    ],
  ] as const)
    it(`cannot be read when ${what}`, async () => {
      const { log } = eventLog(answer)
      for (const call of [log.logins(PAGE), log.adminActs(PAGE)]) {
        const error = await call.catch((thrown: unknown) => thrown)
        if (!(error instanceof GatewayError)) return expect.fail(String(error))
        expect(error.code).to.equal(code)
        if (code === 'KEYCLOAK_UNAVAILABLE') expect(error.headers['Retry-After']).to.match(/^\d+$/)
      }
    })
})
