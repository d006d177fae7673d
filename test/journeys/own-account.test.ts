import { expect } from 'chai'
import { type MailCatcher, startMailCatcher } from '../support/mail-catcher.ts'
import { arrive } from './world/arrive.ts'
import { ask, askAsVisitor, followMail, refusedSignIn } from './world/own-account.ts'
import { alice, bob, eventually, fetchInPage, onBothProviders } from './world/world.ts'

const newcomer = { email: 'dinah@example.com', password: 'a-cat-of-the-house', firstName: 'Dinah', lastName: 'Cat' }
const asDinah = { username: newcomer.email, password: newcomer.password }

onBothProviders('A person looks after their own account', (start) => {
  let mail: MailCatcher
  beforeEach(async () => {
    mail = await startMailCatcher()
  })
  afterEach(() => mail.close())

  it('registers, verifies the address, signs in, changes name and password, and gives the account up', async () => {
    const world = await start({ smtpServer: mail.smtpServer }, { REGISTRATION: 'on' })
    const weak = await askAsVisitor(world, '', { ...newcomer, password: 'short' })
    expect(weak).to.nested.include({ status: 400, 'error.code': 'PASSWORD_REFUSED' })
    expect(weak.error.details.rules).to.deep.equal([{ rule: 'length', problem: 'must have at least 10 characters' }])
    expect(await askAsVisitor(world, '', newcomer)).to.include({ status: 202, data: null })
    const verified = await followMail(world, mail, newcomer.email)
    expect(await verified.locator('#kc-info-message').textContent()).to.contain('Your account has been updated')

    const page = await arrive(world, asDinah)
    const { user } = (await ask(page, '/me')).data
    expect(user).to.include({ username: newcomer.email, email: newcomer.email, emailVerified: true })
    const wanted = { version: user.version, firstName: 'Dīnah ', lastName: 'Liddell' }
    const renamed = await ask(page, '/me', 'PUT', wanted)
    expect(renamed.data).to.deep.include({ emailChange: null })
    expect(renamed.data.user).to.include({ firstName: 'Dīnah', lastName: 'Liddell', email: newcomer.email })
    const late = await ask(page, '/me', 'PUT', wanted)
    expect(late).to.nested.include({ status: 409, 'error.code': 'VERSION_CONFLICT' })
    expect(late.error.details.changed).to.deep.equal(['firstName', 'lastName'])

    const change = { currentPassword: newcomer.password, newPassword: 'curiouser-and-curiouser' }
    expect((await ask(page, '/me/password', 'PATCH', change)).status).to.equal(200)
    expect((await fetchInPage(page, '/me')).status).to.equal(200)
    expect(await refusedSignIn(world, asDinah)).to.contain('Invalid username or password')
    const again = await arrive(world, { ...asDinah, password: change.newPassword })

    const closed = await ask(again, '/me', 'DELETE', { currentPassword: change.newPassword })
    expect(closed.data).to.deep.equal({ ended: 2, keycloak: 'ended' })
    expect([(await fetchInPage(page, '/me')).status, (await fetchInPage(again, '/me')).status]).to.deep.equal([
      401, 401,
    ])
    expect(await refusedSignIn(world, { ...asDinah, password: change.newPassword })).to.contain('Account is disabled')
  })

  it('keeps the session in which the password was changed, whatever the watch over the realm ends', async () => {
    const world = await start({}, { REVALIDATION_INTERVAL: '2' })
    const [here, there, witness] = [await arrive(world, alice), await arrive(world, alice), await arrive(world, bob)]
    const input = { currentPassword: 'not this one', newPassword: 'a-new-wonderland' }
    const wrong = await ask(here, '/me/password', 'PATCH', input)
    expect(wrong).to.nested.include({ status: 403, 'error.code': 'PASSWORD_WRONG' })
    const { id } = (await ask(here, '/me')).data.user
    const lock = await world.admin.call('GET', `/${world.realm}/attack-detection/brute-force/users/${id}`)
    expect(await lock.json()).to.include({ numFailures: 1 })

    const done = await ask(here, '/me/password', 'PATCH', { ...input, currentPassword: alice.password })
    // The watch may have been faster, and then there is nothing left to end.
    expect(done.data.ended).to.be.oneOf([0, 1])
    expect(done.data.keycloak).to.be.oneOf(['ended', 'none'])
    expect((await fetchInPage(there, '/me')).status).to.equal(401)
    const kept = await ask(here, '/me/sessions')
    expect(kept.data.sessions, 'the session of the check is not left behind').to.have.length(1)
    const { id: idOfBob } = (await ask(witness, '/me')).data.user
    await world.admin.call('PUT', `/${world.realm}/users/${idOfBob}`, { enabled: false })
    await eventually(
      () => fetchInPage(witness, '/me'),
      ({ status }) => status === 401,
    )
    expect((await fetchInPage(here, '/me')).status).to.equal(200)
    expect((await fetchInPage(here, '/api/orders')).status).to.equal(200)
  })

  it('forgets the password and sets another by mail; nobody learns whether an account exists', async () => {
    const world = await start({ smtpServer: mail.smtpServer }, { REGISTRATION: 'on' })
    for (const path of ['/forgotten-password', '/email-verification']) {
      const known = await askAsVisitor(world, path, { email: 'alice@example.com' })
      const unknown = await askAsVisitor(world, path, { email: 'nobody@example.com' })
      expect(known, path).to.deep.equal(unknown)
      expect(known).to.include({ status: 202, data: null })
    }
    const page = await followMail(world, mail, 'alice@example.com')
    await page.locator('#password-new').fill('through-the-glass')
    await page.locator('#password-confirm').fill('through-the-glass')
    await page.locator('#kc-passwd-update-form [type=submit]').click()
    await page.locator('#kc-info-message').waitFor()
    await arrive(world, { ...alice, password: 'through-the-glass' })

    const taken = await askAsVisitor(world, '', { ...newcomer, email: 'bob@example.com' })
    const free = await askAsVisitor(world, '', newcomer)
    expect(taken).to.deep.equal(free)
    expect((await mail.next('bob@example.com')).subject).to.equal('Update Your Account')
    expect((await mail.next(newcomer.email)).subject).to.equal('Verify email')
    const path = `/${world.realm}/users?search=registration-`
    const left = () => world.admin.call('GET', path).then((answer) => answer.json() as Promise<object[]>)
    expect(await eventually(left, (probes) => probes.length === 0)).to.deep.equal([])
    await arrive(world, bob)
  })
})
