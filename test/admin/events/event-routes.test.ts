import { expect } from 'chai'
import { eventRoutes } from '../../../src/admin/events/event-routes.ts'
import type { Identity } from '../../../src/identity/identity.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { KeycloakEventLog } from '../../../src/platform/keycloak/events/keycloak-event-log.ts'
import { the } from '../../support/the.ts'
import { type ServedDesk, serveDesk, wrongFields } from '../serve-desk.ts'

const auditor: Identity = {
  method: 'bearer',
  ...the.caller(),
  roles: ['realm:auditor'],
  issuer: 'x',
  tenant: null,
  accessToken: 't',
}

/** A log that holds nothing and remembers what it was asked. */
function fakeLog() {
  const asked: unknown[] = []
  const state = { enabled: true, isAway: false }
  const page = (query: unknown) => {
    asked.push(query)
    if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'the breaker is open')
    return { events: [], more: false, enabled: state.enabled, keptFor: 600 }
  }
  const log: KeycloakEventLog = {
    logins: async (query) => ({ ...page(query), keptTypes: ['LOGIN'] }),
    adminActs: async (query) => page(query),
  }
  return { log, asked, state }
}

describe('The endpoints for events', () => {
  const fake = fakeLog()
  let served: ServedDesk
  before(async () => {
    served = await serveDesk({ routers: () => [eventRoutes(fake.log)], caller: () => auditor })
  })
  beforeEach(() => {
    fake.asked.length = 0
    Object.assign(fake.state, { enabled: true, isAway: false })
  })
  after(() => served.close())

  it('hand every filter on, times as milliseconds', async () => {
    const query =
      'type=LOGIN,LOGIN_ERROR&user=u1&client=shop&ip=10.0.0.7&from=2026-01-31T09:30:00Z&to=2026-01-31T10:30:00%2B01:00'
    const { status, body, headers } = await served.ask('GET', `/events/logins?${query}&first=40&max=7`)
    expect(status).to.equal(200)
    expect(headers.get('cache-control')).to.equal('no-store')
    const at = Date.parse('2026-01-31T09:30:00Z')
    const page = { first: 40, max: 7 }
    expect(fake.asked).to.deep.equal([
      { ...page, types: ['LOGIN', 'LOGIN_ERROR'], user: 'u1', client: 'shop', ip: '10.0.0.7', from: at, to: at },
    ])
    expect(body.data).to.deep.equal({
      ...{ events: [], more: false, keptFor: 600, eventsEnabled: true, typesNotKept: ['LOGIN_ERROR'], ...page },
    })
    await served.ask('GET', '/events/admin?operation=CREATE&resourceType=USER,GROUP&actor=u1&path=users/*&ip=::1')
    expect(fake.asked[1]).to.deep.include({
      ...{ operations: ['CREATE'], resourceTypes: ['USER', 'GROUP'], actor: 'u1', path: 'users/*', ip: '::1' },
      ...{ first: 0, max: 20 },
    })
  })

  it('say when the realm does not remember', async () => {
    fake.state.enabled = false
    for (const path of ['/events/logins', '/events/admin']) {
      const { status, body } = await served.ask('GET', path)
      expect([status, body.data.eventsEnabled], path).to.deep.equal([200, false])
      expect(body.message).to.contain('does not remember')
    }
  })

  it('answer 503 with Retry-After while Keycloak is away', async () => {
    fake.state.isAway = true
    const { status, headers, body } = await served.ask('GET', '/events/logins')
    expect([status, body.error.code]).to.deep.equal([503, 'KEYCLOAK_UNAVAILABLE'])
    expect(headers.get('retry-after')).to.match(/^\d+$/)
  })

  const LONG = 'x'.repeat(256)
  const BOTH: [query: string, field: string][] = [
    ...(['first=-1', 'first=one', 'first=1000001', 'first=1e3', 'first=0&first=1'] as const).map(
      (q): [string, string] => [q, 'first'],
    ),
    ...(['max=0', 'max=101', 'max=-1', 'max=abc', 'max=2147483648', 'max='] as const).map((q): [string, string] => [
      q,
      'max',
    ]),
    ...(
      [
        '2026-11-22',
        'yesterday',
        '2026-13-45T00:00:00Z',
        '1795332993765',
        '-1',
        '',
        '2026-01-01T00:00:00',
        '2026-1-1T0:0:0Z',
      ] as const
    ).flatMap((time): [string, string][] => [
      [`from=${time}`, 'from'],
      [`to=${time}`, 'to'],
    ]),
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
    ...['127.*', '127.', '%25', '*', '10.0.0.256', 'localhost', '', '10.0.0.0/8'].map((ip): [string, string] => [
      `ip=${ip}`,
      'ip',
    ]),
    ['nonsense=1', 'nonsense'],
    ['direction=asc', 'direction'],
    ['__proto__=1', '__proto__'],
  ]
  const LOGINS: [query: string, field: string][] = [
    ...[
      'login',
      'NONSENSE',
      '',
      'LOGIN,',
      ',LOGIN',
      'LOGIN,login',
      'LOGIN LOGOUT',
      'LOGIN,LOGIN',
      'toString',
      `${'LOGIN,'.repeat(30)}LOGIN`,
      'LOGIN%00',
      LONG,
    ].map((type): [string, string] => [`type=${type}`, 'type']),
    ['type=LOGIN&type=LOGOUT', 'type'],
    ...(['user', 'client'] as const).flatMap((name): [string, string][] => [
      [`${name}=`, name],
      [`${name}=${LONG}`, name],
      [`${name}=a%00b`, name],
      [`${name}=a%0Ab`, name],
      [`${name}=a&${name}=b`, name],
    ]),
    ['operation=CREATE', 'operation'],
  ]
  const ACTS: [query: string, field: string][] = [
    ...['update', 'NONSENSE', '', 'UPDATE,UPDATE'].map((name): [string, string] => [`operation=${name}`, 'operation']),
    ...['user', 'NONSENSE', '', 'USER;GROUP'].map((name): [string, string] => [`resourceType=${name}`, 'resourceType']),
    ...["users'--", 'users/%25', 'a%00b', '', LONG, 'users?x', 'a b', '%D0%B0'].map((path): [string, string] => [
      `path=${path}`,
      'path',
    ]),
    ['actor=', 'actor'],
    ['type=LOGIN', 'type'],
  ]
  for (const [path, rows] of [
    ['/events/logins', [...BOTH, ...LOGINS]],
    ['/events/admin', [...BOTH, ...ACTS]],
  ] as const)
    it(`at ${path} refuse ${rows.length} wrong queries by the field, and ask Keycloak nothing`, async () => {
      for (const [query, field] of rows) {
        const answer = await served.ask('GET', `${path}?${query}`)
        expect([answer.status, answer.body.error?.code], query).to.deep.equal([400, 'INVALID_REQUEST'])
        expect(wrongFields(answer), query).to.include(field)
      }
      expect(fake.asked).to.deep.equal([])
    })

  it('know their methods and their addresses letter by letter', async () => {
    for (const path of ['/events/logins', '/events/admin']) {
      const { status, headers } = await served.ask('DELETE', path)
      expect([status, headers.get('allow')]).to.deep.equal([405, 'GET, HEAD'])
    }
    for (const path of ['/events', '/events/', '/events/Logins', '/events/logins/', '/events/logins/1'])
      expect((await served.ask('GET', path)).status, path).to.equal(404)
  })

  it('answer 501 where no Keycloak is administered', async () => {
    const closed = await serveDesk({ routers: () => [eventRoutes(undefined)], caller: () => auditor })
    for (const path of ['/events/logins', '/events/admin'])
      expect((await closed.ask('GET', path)).body.error.code, path).to.equal('KEYCLOAK_REQUIRED')
    closed.close()
  })
})
