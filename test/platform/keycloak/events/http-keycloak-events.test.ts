import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { DependencyFailure } from '../../../../src/platform/http/dependency-failure.ts'
import { createHttpKeycloakEvents } from '../../../../src/platform/keycloak/events/http-keycloak-events.ts'
import { testClock } from '../../../support/test-clock.ts'

const NOW = 1_800_000_000_000
const PAGE = { from: NOW + 0.5, first: 100, max: 50 }

/** A Keycloak that answers what it was told for each path, in turn. */
function events(answers: Record<string, (() => Response)[]>) {
  const asked: string[] = []
  let tokens = 1
  const port = createHttpKeycloakEvents({
    baseUrl: 'http://kc.test',
    realm: 'demo',
    clock: testClock(NOW),
    token: {
      get: async () => `token-${tokens}`,
      forget: () => void tokens++,
      notBefore: async () => 7_000,
    },
    async fetch(url, init) {
      const path = url.replace('http://kc.test/admin/realms/demo', '')
      asked.push(`${path} ${new Headers(init.headers).get('authorization')}`)
      const answer = answers[path]?.shift()
      if (answer === undefined) throw new Error(`nobody expected ${path}`)
      return answer()
    },
  })
  return { port, asked }
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers })
const config = { eventsEnabled: true, adminEventsEnabled: true, enabledEventTypes: ['LOGIN', 'LOGOUT'] }
const CONFIG = '/events/config'

describe('The events of Keycloak', () => {
  it('are read oldest first, from a millisecond on', async () => {
    const path = `/admin-events?dateFrom=${NOW}&direction=asc&first=100&max=50`
    const raw = {
      id: 'e1',
      time: NOW,
      operationType: 'DELETE',
      resourceType: 'USER',
      resourcePath: 'users/7',
      realmId: 'r',
    }
    const { port, asked } = events({
      [path]: [json([raw, { time: 1, operationType: 'UPDATE', resourceType: 'REALM' }])],
    })
    expect(await port.adminEvents(PAGE)).to.deep.equal([
      { id: 'e1', time: NOW, operation: 'DELETE', resourceType: 'USER', path: 'users/7' },
      { id: '1 UPDATE ', time: 1, operation: 'UPDATE', resourceType: 'REALM', path: '' },
    ])
    expect(asked).to.deep.equal([`${path} Bearer token-1`])
  })

  it('of people are read by type', async () => {
    const path = `/events?dateFrom=${NOW}&direction=asc&first=100&max=50&type=LOGOUT&type=DELETE_ACCOUNT`
    const { port } = events({ [path]: [json([{ id: 'e1', time: 1, type: 'LOGOUT', userId: 'u', sessionId: 's' }])] })
    expect(await port.userEvents(PAGE, ['LOGOUT', 'DELETE_ACCOUNT'])).to.deep.equal([
      { id: 'e1', time: 1, type: 'LOGOUT', userId: 'u', sessionId: 's' },
    ])
  })

  it('are kept when the realm remembers both kinds, LOGOUT among them', async () => {
    const date = { date: new Date(NOW - 60_000).toUTCString() }
    const changes = [{}, { eventsEnabled: false }, { adminEventsEnabled: false }, { enabledEventTypes: ['LOGIN'] }]
    const { port } = events({ [CONFIG]: changes.map((change) => json({ ...config, ...change }, 200, date)) })
    const answers = []
    for (const _ of changes) answers.push(await port.areKept())
    expect(answers.map(({ kept }) => kept)).to.deep.equal([true, false, false, false])
    expect(answers[0]?.time).to.equal(NOW - 60_000)
  })

  it('are asked for once more with a new token when the old one is refused', async () => {
    const { port, asked } = events({ [CONFIG]: [json({}, 401), json(config)] })
    expect(await port.areKept()).to.deep.equal({ kept: true, time: NOW })
    expect(asked.map((line) => line.split(' ').at(-1))).to.deep.equal(['token-1', 'token-2'])
  })

  for (const [what, answers, code] of [
    ['the role is missing', [json({ error: 'HTTP 403 Forbidden' }, 403)], 'KEYCLOAK_REFUSED'],
    ['no token is good enough', [json({}, 401), json({}, 401)], 'KEYCLOAK_REFUSED'],
    ['Keycloak fails', [json({}, 503)], 'KEYCLOAK_UNAVAILABLE'],
    ['a login page answers', [() => new Response('<html>')], 'KEYCLOAK_UNAVAILABLE'],
    ['the answer is of another kind', [json({ eventsEnabled: 'maybe' })], 'KEYCLOAK_UNAVAILABLE'],
    [
      'nobody answers',
      [
        () => {
          throw new DependencyFailure('network', 'gone')
        },
      ],
      'KEYCLOAK_UNAVAILABLE',
    ],
  ] as const)
    it(`are not known when ${what}`, async () => {
      const { port } = events({ [CONFIG]: [...answers] })
      const error = await port.areKept().catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(GatewayError).with.property('code', code)
    })
})

describe('The standing of a person', () => {
  const user = { id: 'u', enabled: true, notBefore: 5, email: 'canary@example.com' }
  const password = [
    { type: 'otp', createdDate: 9_000 },
    { type: 'password', createdDate: 3_000 },
  ]

  it('is what matters, and nothing else of the account', async () => {
    const { port } = events({ '/users/a%2Fb': [json(user)], '/users/a%2Fb/credentials': [json(password)] })
    expect(await port.standing('a/b')).to.deep.equal({ enabled: true, notBefore: 5_000, passwordSetAt: 3_000 })
  })

  it('is none for who is gone, and knows people without a password', async () => {
    const { port } = events({
      '/users/u': [json({}, 404), json({ enabled: false })],
      '/users/u/credentials': [json({}, 404), json([])],
    })
    expect(await port.standing('u')).to.equal(undefined)
    expect(await port.standing('u')).to.deep.equal({ enabled: false, notBefore: 0, passwordSetAt: null })
  })
})
