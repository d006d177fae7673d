import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { toUserDetail } from '../../../../src/platform/keycloak/people/views.ts'
import { createHttpKeycloakUsers } from '../../../../src/platform/keycloak/users/http-keycloak-users.ts'
import { cannedKeycloak, config, startAdmin } from '../canned-keycloak.ts'

const ADA = { id: 'u1', username: 'ada', email: 'ada@shop.test', firstName: 'Ada', lastName: 'L', enabled: true }
const NEW = {
  ...{ username: 'bob', email: null, firstName: null, lastName: null, enabled: true, emailVerified: false },
  ...{ attributes: {}, requiredActions: [], password: null },
}

function start() {
  const { guard } = startAdmin()
  const parts = { config, token: { get: async () => 'the-admin-token', forget: () => undefined }, guard }
  return createHttpKeycloakUsers(parts, parts)
}
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof GatewayError ? error : undefined),
  )

describe("Users at Keycloak's admin API", () => {
  const keycloak = cannedKeycloak()
  const ada = toUserDetail(ADA)

  type Sent = Record<string, string | boolean | Record<string, string[]>>
  type Change = [what: string, changes: object, sent: Sent]
  const CHANGES: Change[] = [
    ['one name', { lastName: 'King' }, { lastName: 'King' }],
    ['a name away', { lastName: null }, { lastName: '' }],
    ['a flag', { enabled: false }, { enabled: false }],
    [
      'attributes, with the names that Keycloak would drop',
      { attributes: { a: ['1'] } },
      { attributes: { a: ['1'] }, email: 'ada@shop.test', firstName: 'Ada', lastName: 'L' },
    ],
    [
      'attributes and a name',
      { attributes: {}, firstName: null },
      { attributes: {}, email: 'ada@shop.test', firstName: '', lastName: 'L' },
    ],
  ]
  for (const [what, changes, sent] of CHANGES)
    it(`are changed by what changes only: ${what}`, async () => {
      keycloak.admin().put('/users/u1', sent).reply(204)
      await start().change(ada, changes)
      expect(keycloak.left()).to.deep.equal([])
    })

  it('are created by one call, the password with it', async () => {
    const credentials = [{ type: 'password', value: 'p', temporary: true }]
    const flags = { enabled: true, emailVerified: false, requiredActions: [] }
    const location = { location: 'http://kc.test/admin/realms/demo/users/u9' }
    keycloak
      .admin()
      .post('/users/', { username: 'bob', ...flags, credentials })
      .reply(201, '', location)
    expect(await start().create({ ...NEW, password: { value: 'p', temporary: true } })).to.equal('u9')
  })

  it('are never written twice, not even when Keycloak fails', async () => {
    keycloak.admin().post('/users/').reply(503)
    keycloak.admin().post('/users/').reply(201)
    const { guard } = startAdmin()
    const token = { get: async () => 't', forget: () => undefined }
    const once = {
      ...guard,
      execute: <T>(call: (signal: AbortSignal) => Promise<T>) => call(AbortSignal.timeout(5_000)),
    }
    const users = createHttpKeycloakUsers({ config, token, guard }, { config, token, guard: once })
    expect((await failureOf(users.create(NEW)))?.code).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(keycloak.left()).to.have.length(1)
  })

  type Refusal = [status: number, said: object, code: string, details: object]
  const REFUSALS: Refusal[] = [
    [404, { error: 'User not found' }, 'USER_NOT_FOUND', {}],
    [
      409,
      { errorMessage: 'User exists with same email' },
      'ACCOUNT_TAKEN',
      { fields: [{ field: 'email', problem: 'is taken' }] },
    ],
    [
      400,
      { field: 'email', errorMessage: 'error-invalid-email', params: ['email', 'x'] },
      'INVALID_REQUEST',
      { fields: [{ field: 'email', problem: 'is not an e-mail address' }] },
    ],
    [
      400,
      { error: 'invalidPasswordHistoryMessage', error_description: 'canary' },
      'PASSWORD_REFUSED',
      { rules: [{ rule: 'passwordHistory', problem: 'must not be one of the last ones' }] },
    ],
    [400, { errorMessage: 'Could not update user! canary' }, 'INVALID_REQUEST', {}],
    [403, { error: 'HTTP 403 Forbidden' }, 'KEYCLOAK_REFUSED', {}],
  ]
  for (const [status, said, code, details] of REFUSALS)
    it(`say in our words what Keycloak refuses: ${JSON.stringify(said)}`, async () => {
      keycloak.admin().put('/users/u1').reply(status, said)
      const failure = await failureOf(start().change(ada, { email: 'x' }))
      expect(failure?.code).to.equal(code)
      expect(failure?.details).to.deep.equal(details)
      expect(JSON.stringify([failure?.message, failure?.details])).not.to.contain('canary')
    })

  it('have credentials, told without what is secret in them', async () => {
    const path = '/users/u1/credentials'
    const password = { id: 'c1', type: 'password', createdDate: 1_800_000_000_000, credentialData: '{"canary":1}' }
    keycloak
      .admin()
      .get(path)
      .reply(200, [password, { id: 'c2', type: 'otp', userLabel: 'Phone' }])
    expect(await start().credentials('u1')).to.deep.equal([
      { id: 'c1', type: 'password', label: null, createdAt: '2027-01-15T08:00:00.000Z' },
      { id: 'c2', type: 'otp', label: 'Phone', createdAt: null },
    ])
    keycloak.admin().get(path).reply(404, { error: 'User not found' })
    expect((await failureOf(start().credentials('u1')))?.code).to.equal('USER_NOT_FOUND')
  })

  it('have locks, of which the end is told', async () => {
    const path = '/attack-detection/brute-force/users/u1'
    const said = {
      disabled: true,
      failedLoginNotBefore: 1_800_000_000,
      numFailures: 5,
      lastFailure: 1_799_999_940_000,
      lastIPFailure: '192.0.2.1',
    }
    keycloak.admin().get(path).reply(200, said)
    expect(await start().lock('u1')).to.deep.equal({
      ...{ locked: true, until: '2027-01-15T08:00:00.000Z', failures: 5 },
      ...{ lastFailureAt: '2027-01-15T07:59:00.000Z', lastFailureFrom: '192.0.2.1' },
    })
    keycloak.admin().get(path).reply(200, { disabled: false, lastIPFailure: 'n/a', lastFailure: 0 })
    expect(await start().lock('u1')).to.include({ locked: false, until: null, lastFailureFrom: null })
  })

  it('follow the rules of the realm: its profile, its actions, its policy', async () => {
    const named = ['username', 'email', 'department'].map((name) => ({ name }))
    const actions = [
      { alias: 'VERIFY_EMAIL', enabled: true },
      { alias: 'OFF', enabled: false },
    ]
    const admin = keycloak.admin()
    admin.get('/users/profile').reply(200, { attributes: named })
    admin.get('/authentication/required-actions').reply(200, actions)
    keycloak.server().get('/admin/realms/demo').reply(200, { passwordPolicy: 'length(8)' })
    expect(await start().rules()).to.deep.equal({
      ...{ attributes: ['department'], requiredActions: ['VERIFY_EMAIL'], passwordPolicy: 'length(8)' },
    })
  })

  it('are in groups, of which some may not be there', async () => {
    keycloak.admin().put('/users/u1/groups/g9').reply(404, { error: 'Group not found' })
    expect((await failureOf(start().join('u1', 'g9')))?.code).to.equal('GROUP_NOT_FOUND')
  })
})
