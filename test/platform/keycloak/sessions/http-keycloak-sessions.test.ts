import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createResilience } from '../../../../src/platform/http/resilience.ts'
import { createHttpKeycloakSessions } from '../../../../src/platform/keycloak/sessions/http-keycloak-sessions.ts'
import { testClock } from '../../../support/test-clock.ts'
import { cannedKeycloak, config } from '../canned-keycloak.ts'

const row = (id: string, more: object = {}) => ({
  id,
  username: 'ada',
  userId: 'u1',
  ipAddress: '192.0.2.1',
  start: 1_000,
  lastAccess: 2_000,
  rememberMe: false,
  clients: { 'uuid-2': 'orders', 'uuid-1': 'cloakroom' },
  ...more,
})
const holdsOffline = (...clients: string[]) =>
  clients.map((client) => ({ clientId: client, additionalGrants: [{ client, key: 'Offline Token' }] }))
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    (answer) => answer,
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )

function start() {
  const guard = createResilience({ clock: testClock(), onState: () => undefined, outboundTimer: () => () => undefined })
  const token = { get: async () => 'the-admin-token', forget: () => undefined }
  return createHttpKeycloakSessions({ config, token, guard: guard({ target: 'keycloak:sessions', timeoutMs: 6_000 }) })
}

describe("Keycloak's sessions by its admin API", () => {
  const keycloak = cannedKeycloak()

  it('are those of a person, online and offline, each once', async () => {
    keycloak
      .admin()
      .get('/users/u1/sessions')
      .reply(200, [row('a')])
    keycloak
      .admin()
      .get('/users/u1/consents')
      .reply(200, holdsOffline('uuid-1', 'uuid-2', 'uuid-1'))
    keycloak
      .admin()
      .get('/users/u1/offline-sessions/uuid-1')
      .reply(200, [row('b')])
    keycloak
      .admin()
      .get('/users/u1/offline-sessions/uuid-2')
      .reply(200, [row('b', { clients: {} }), row('a')])
    const sessions = await start().ofUser('u1')
    expect(sessions.map(({ sid, offline }) => [sid, offline])).to.deep.equal([
      ['a', false],
      ['b', true],
      ['a', true],
    ])
    expect(sessions[0]).to.deep.equal({
      sid: 'a',
      offline: false,
      address: '192.0.2.1',
      startedAt: 1_000,
      lastSeenAt: 2_000,
      clients: ['cloakroom', 'orders'],
    })
    expect(keycloak.left()).to.deep.equal([])
  })

  const BROKEN: [what: string, status: number, answer: unknown, code: string][] = [
    ['knows no such person', 404, { error: 'User not found' }, 'USER_NOT_FOUND'],
    ['lets us see none', 403, { error: 'HTTP 403 Forbidden' }, 'KEYCLOAK_REFUSED'],
    ['fails', 500, {}, 'KEYCLOAK_UNAVAILABLE'],
    ['answers a page', 200, '<html>Sign in</html>', 'KEYCLOAK_UNAVAILABLE'],
    ['answers an object', 200, {}, 'KEYCLOAK_UNAVAILABLE'],
    ['answers sessions without an id', 200, [row('a', { id: undefined })], 'KEYCLOAK_UNAVAILABLE'],
    ['answers times that are none', 200, [row('a', { start: 'noon' })], 'KEYCLOAK_UNAVAILABLE'],
  ]
  for (const [what, status, answer, code] of BROKEN) {
    it(`are ${code} when Keycloak ${what}`, async () => {
      keycloak
        .admin()
        .get('/users/u1/sessions')
        .reply(status, answer as object)
      keycloak.admin().get('/users/u1/consents').reply(200, [])
      expect(await outcome(start().ofUser('u1'))).to.equal(code)
    })
  }

  const ENDINGS: [online: number, offline: number, outcome: unknown][] = [
    [204, 404, true],
    [404, 204, true],
    [204, 204, true],
    [404, 404, false],
    [403, 403, 'KEYCLOAK_REFUSED'],
    [204, 500, 'KEYCLOAK_UNAVAILABLE'],
  ]
  for (const [online, offline, expected] of ENDINGS) {
    it(`end of both kinds: ${online} and ${offline} is ${expected}`, async () => {
      keycloak.admin().delete('/sessions/a_-9').query({ isOffline: false }).reply(online)
      keycloak.admin().delete('/sessions/a_-9').query({ isOffline: true }).reply(offline)
      expect(await outcome(start().end('a_-9'))).to.equal(expected)
      expect(keycloak.left()).to.deep.equal([])
    })
  }

  for (const sid of ['', '../users/u1', 'a/b', 'a?b', 'a b', '%2e%2e', 'ä', 'a'.repeat(65)]) {
    it(`of another spelling are not asked about: ${JSON.stringify(sid.slice(0, 20))}`, async () => {
      expect(await start().end(sid)).to.equal(false)
    })
  }
})
