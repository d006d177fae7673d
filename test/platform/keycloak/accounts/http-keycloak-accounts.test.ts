import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createResilience } from '../../../../src/platform/http/resilience.ts'
import { createHttpKeycloakAccounts } from '../../../../src/platform/keycloak/accounts/http-keycloak-accounts.ts'
import { accountRefusal } from '../../../../src/platform/keycloak/users/account-refusal.ts'
import { testClock } from '../../../support/test-clock.ts'
import { cannedKeycloak, config } from '../canned-keycloak.ts'

const alice = { id: 'u1', username: 'alice', email: 'alice@example.com', emailVerified: true, enabled: true }
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    (answer) => answer,
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )

function start() {
  const guard = createResilience({ clock: testClock(), onState: () => undefined, outboundTimer: () => () => undefined })
  const token = { get: async () => 'the-admin-token', forget: () => undefined }
  const guardOf = (target: string) => guard({ target, timeoutMs: 6_000 })
  return createHttpKeycloakAccounts({
    ...{ config, token, guard: guardOf('keycloak:accounts'), mailGuard: guardOf('keycloak:mail') },
    signInClientId: 'cloakroom',
  })
}

describe("Accounts by Keycloak's admin API", () => {
  const keycloak = cannedKeycloak()

  it('are read with what may be changed of them', async () => {
    for (const readOnly of [true, false]) {
      const userProfileMetadata = { attributes: [{ name: 'username', readOnly }] }
      keycloak
        .admin()
        .get('/users/u1')
        .query({ userProfileMetadata: true })
        .reply(200, { ...alice, userProfileMetadata })
      const account = await start().read('u1')
      expect(account).to.include({ username: 'alice', firstName: null, mayChangeUsername: !readOnly })
      expect(account.version).to.match(/^[\w-]{6}(\.[\w-]{6}){4}$/)
    }
  })

  it('that are not there, or that are no accounts, are failures', async () => {
    keycloak.admin().get('/users/u1').query(true).reply(404, { error: 'User not found' })
    expect(await outcome(start().read('u1'))).to.equal('USER_NOT_FOUND')
    for (const body of [{ id: 7 }, [], 'hello']) {
      keycloak.admin().get('/users/u1').query(true).reply(200, body)
      expect(await outcome(start().read('u1'))).to.equal('KEYCLOAK_UNAVAILABLE')
    }
  })

  it('are found by their address as it is, or by a user name like it', async () => {
    const asked = (rows: [byEmail: object[], byName: object[]]) => {
      const email = 'a+b@example.com'
      keycloak.admin().get('/users/').query({ email, exact: true, max: 1 }).reply(200, rows[0])
      keycloak.admin().get('/users/').query({ username: email, exact: true, max: 1 }).reply(200, rows[1])
      return start().findByEmail(email)
    }
    expect(await asked([[alice], []])).to.include({ id: 'u1' })
    expect(await asked([[], [alice]])).to.include({ id: 'u1' })
    expect(await asked([[], []])).to.equal(undefined)
  })

  it('get their mails in the name of the client that people sign in to', async () => {
    const query = { client_id: 'cloakroom', lifespan: 900 }
    keycloak.admin().put('/users/u1/execute-actions-email', ['UPDATE_PASSWORD']).query(query).reply(204)
    await start().mailActions('u1', ['UPDATE_PASSWORD'], 900)
    keycloak.admin().put('/users/u1/send-verify-email').query({ client_id: 'cloakroom' }).reply(500, {})
    expect(await outcome(start().mailVerification('u1'))).to.equal('KEYCLOAK_UNAVAILABLE')
  })

  it('are still read while the mail server is away', async () => {
    const accounts = start()
    for (let i = 0; i < 10; i++) {
      keycloak.admin().put('/users/u1/send-verify-email').query(true).reply(500, {})
      await outcome(accounts.mailVerification('u1'))
    }
    keycloak.admin().get('/users/u1').query(true).reply(200, alice)
    expect(await accounts.read('u1')).to.include({ id: 'u1' })
  })

  it('tell whether there was something to be removed', async () => {
    keycloak.admin().delete('/users/u1/credentials/c1').reply(204)
    keycloak.admin().delete('/users/u1/credentials/c1').reply(404, { error: 'Credential not found' })
    const accounts = start()
    expect([await accounts.removeCredential('u1', 'c1'), await accounts.removeCredential('u1', 'c1')]).to.deep.equal([
      true,
      false,
    ])
  })

  it('follow the rules of the realm, as far as they may be seen', async () => {
    for (const [realm, action, expected] of [
      [{ passwordPolicy: 'length(8)' }, { enabled: true, config: { verifyEmail: 'true' } }, ['length(8)', true]],
      [{ verifyEmail: true }, { enabled: true }, [undefined, true]],
      [{}, { enabled: true }, [undefined, false]],
      [{ verifyEmail: true }, { enabled: false, config: { verifyEmail: 'true' } }, [undefined, false]],
    ] as const) {
      keycloak
        .admin()
        .get('')
        .reply(200, { realm: 'demo', ...realm })
      keycloak
        .admin()
        .get('/authentication/required-actions')
        .reply(200, [{ alias: 'UPDATE_EMAIL', ...action }])
      const { passwordPolicy, confirmsNewEmail } = await start().rules()
      expect([passwordPolicy, confirmsNewEmail]).to.deep.equal(expected)
    }
  })
})

describe('A refusal of what was sent', () => {
  const refused = (status: number, responseData: unknown) =>
    accountRefusal(
      new GatewayError('INTERNAL_ERROR', {
        cause: Object.assign(new Error(), { response: new Response('', { status }), responseData }),
      }),
    ) as GatewayError

  for (const [what, status, body, code, details] of [
    [
      'one field',
      400,
      { field: 'email', errorMessage: 'error-invalid-email', params: ['email', 'x'] },
      'INVALID_REQUEST',
      { fields: [{ field: 'email', problem: 'is not an e-mail address' }] },
    ],
    [
      'several',
      400,
      {
        errors: [
          { field: 'lastName', errorMessage: 'error-invalid-length', params: ['lastName', 1, 255] },
          { field: 'firstName', errorMessage: 'constructor' },
        ],
      },
      'INVALID_REQUEST',
      {
        fields: [
          { field: 'lastName', problem: 'must have 1 to 255 characters' },
          { field: 'firstName', problem: 'is not accepted by the identity provider' },
        ],
      },
    ],
    [
      'a password',
      400,
      { error: 'invalidPasswordHistoryMessage', error_description: 'x' },
      'PASSWORD_REFUSED',
      { rules: [{ rule: 'passwordHistory', problem: 'must not be one of the last ones' }] },
    ],
    [
      'a name that is taken',
      409,
      { errorMessage: 'User exists with same username' },
      'ACCOUNT_TAKEN',
      { fields: [{ field: 'username', problem: 'is taken' }] },
    ],
  ] as const)
    it(`names ${what}`, () => {
      expect(refused(status, body)).to.deep.include({ code, details })
    })

  it('of another kind stays what it was', () => {
    for (const [status, body] of [
      [400, 'text'],
      [400, { error: 'unknown' }],
      [403, { error: 'x' }],
      [400, undefined],
    ] as const)
      expect(refused(status, body).code).to.equal('INTERNAL_ERROR')
    const stranger = new Error('x')
    expect(accountRefusal(stranger)).to.equal(stranger)
  })
})
