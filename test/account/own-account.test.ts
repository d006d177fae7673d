import { expect } from 'chai'
import { type AccountWorld, openAccounts, RIGHT } from './account-world.ts'

describe('The own account', () => {
  let world: AccountWorld
  beforeEach(async () => {
    world = await openAccounts()
  })
  afterEach(() => world.close())
  const version = async () => (await world.ask('/me')).data.user.version

  it('changes only what is different, and says what was before and after', async () => {
    const wanted = { version: await version(), firstName: 'Ωmega', lastName: 'L' }
    const { status, data } = await world.ask('/me', 'PUT', wanted)
    expect([status, data.user.firstName, data.emailChange]).to.deep.equal([200, 'Ωmega', null])
    expect(world.done).to.deep.equal(['change {"firstName":"Ωmega"}'])
    expect(world.audited).to.deep.equal([
      'account.update ok {"before":{"firstName":"A"},"after":{"firstName":"Ωmega"}}',
    ])
    expect((await world.ask('/me', 'PUT', wanted)).error).to.deep.include({ code: 'VERSION_CONFLICT' })
  })

  it('takes the version as If-Match too, and never overlooks one that is stale', async () => {
    const tag = (await world.ask('/me')).headers.get('etag') ?? ''
    expect(tag).to.equal(`"${await version()}"`)
    const done = await world.ask('/me', 'PUT', { firstName: 'B', lastName: 'L' }, { 'if-match': tag })
    expect([done.status, done.headers.get('etag')]).to.deep.equal([200, `"${await version()}"`])
    const late = await world.ask('/me', 'PUT', { firstName: 'C', lastName: 'L' }, { 'if-match': tag })
    expect(late).to.nested.include({ status: 409, 'error.code': 'VERSION_CONFLICT' })
    const both = { version: await version(), firstName: 'C', lastName: 'L' }
    expect((await world.ask('/me', 'PUT', both, { 'if-match': tag })).error.details.fields[0].field).to.equal('version')
    const odd = await world.ask('/me', 'PUT', both, { 'if-match': 'W/"x"' })
    expect(odd.error.details.fields[0].field).to.equal('If-Match')
  })

  it('gives names back when the mail about a new address cannot be sent', async () => {
    world.keycloak.fail('mail')
    const wanted = { version: await version(), firstName: 'B', lastName: '', email: 'new@example.com' }
    const { status, error, headers } = await world.ask('/me', 'PUT', wanted)
    expect([status, error.code, headers.get('retry-after')]).to.deep.equal([503, 'KEYCLOAK_UNAVAILABLE', '5'])
    expect(world.keycloak.people.get('alice')).to.include({ firstName: 'A', lastName: 'L', email: 'alice@example.com' })
    expect(world.audited).to.deep.equal(['account.update failed'])
  })

  it('has no way to a new address without a present one', async () => {
    world.keycloak.add('alice', { email: null })
    const wanted = { version: await version(), firstName: 'A', lastName: 'L', email: 'new@example.com' }
    expect(await world.ask('/me', 'PUT', wanted)).to.nested.include({
      status: 409,
      'error.code': 'EMAIL_CHANGE_UNAVAILABLE',
    })
    expect(world.done).to.deep.equal([])
  })

  it('changes the user name only where the realm allows it', async () => {
    const wanted = async () => ({ version: await version(), firstName: 'A', lastName: 'L', username: 'alicia' })
    const refused = await world.ask('/me', 'PUT', await wanted())
    expect(refused.error.details.fields).to.deep.equal([{ field: 'username', problem: 'cannot be changed here' }])
    world.keycloak.add('alice', { mayChangeUsername: true })
    expect((await world.ask('/me', 'PUT', await wanted())).data.user.username).to.equal('alicia')
  })

  it('dates the session anew when the password changes, and back when it cannot be changed', async () => {
    const input = { currentPassword: RIGHT, newPassword: 'another-wonder' }
    expect((await world.ask('/me/password', 'PATCH', input)).data).to.deep.equal({ ended: 2, keycloak: 'ended' })
    const [meanwhile = 0, settled = 0] = world.dates
    expect(meanwhile).to.be.greaterThan(settled)
    expect(settled).to.be.within(world.clock.now(), world.clock.now() + 1_000)
    expect(world.done).to.deep.equal(['set password', 'end others'])

    world.keycloak.fail('set password')
    expect((await world.ask('/me/password', 'PATCH', input)).status).to.equal(503)
    expect(world.issuedAt()).to.equal(settled)
    expect(world.done).to.have.length(2)
  })

  it('leaves the password alone without the right one, and names every rule', async () => {
    const wrong = await world.ask('/me/password', 'PATCH', { currentPassword: 'x', newPassword: 'long-enough-now' })
    expect(wrong).to.nested.include({ status: 403, 'error.code': 'PASSWORD_WRONG' })
    const weak = await world.ask('/me/password', 'PATCH', { currentPassword: RIGHT, newPassword: 'short' })
    expect(weak.error.details).to.deep.equal({
      rules: [{ rule: 'length', problem: 'must have at least 10 characters' }],
    })
    expect(world.done).to.deep.equal([])
  })

  it('is given up by the password, or by a sign-in of a moment ago', async () => {
    const late = await world.ask('/me', 'DELETE')
    expect(late).to.nested.include({ status: 401, 'error.code': 'STEP_UP_REQUIRED' })
    expect(late.error.details).to.deep.equal({ loginUrl: 'https://app.test/login?prompt=login', maxAge: 300 })
    expect((await world.ask('/me', 'DELETE', { currentPassword: 'x' })).error.code).to.equal('PASSWORD_WRONG')
    expect(world.done).to.deep.equal([])
    world.as({ authTime: world.clock.now() / 1000 - 299 })
    expect((await world.ask('/me', 'DELETE')).data).to.deep.equal({ ended: 2, keycloak: 'ended' })
    expect(world.done).to.deep.equal(['change {"enabled":false}', 'end credentials', 'end all'])
  })

  it('is not given up by the last administrator', async () => {
    world.administrators.add('alice')
    const last = await world.ask('/me', 'DELETE', { currentPassword: RIGHT })
    expect(last).to.nested.include({ status: 409, 'error.code': 'LAST_ADMINISTRATOR' })
    expect(world.done).to.deep.equal([])
    world.administrators.add('bob')
    expect((await world.ask('/me', 'DELETE', { currentPassword: RIGHT })).status).to.equal(200)
    expect(world.done[0]).to.equal('change {"enabled":false}')
  })

  it('ends nothing when it could not be disabled', async () => {
    world.keycloak.fail('change')
    expect((await world.ask('/me', 'DELETE', { currentPassword: RIGHT })).status).to.equal(503)
    expect(world.done).to.deep.equal([])
  })
})
