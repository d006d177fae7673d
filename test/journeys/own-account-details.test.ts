import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readRealm } from '../../keycloak/realm-file.ts'
import { type MailCatcher, startMailCatcher } from '../support/mail-catcher.ts'
import { arrive } from './world/arrive.ts'
import { ask, askAsVisitor, followMail } from './world/own-account.ts'
import { alice, eventually, onBothProviders } from './world/world.ts'

const carol = {
  username: 'carol',
  enabled: true,
  email: 'carol@example.com',
  emailVerified: true,
  firstName: 'Carol',
  lastName: 'Christmas',
  credentials: [
    { type: 'password', value: 'three-good-ghosts', temporary: false },
    {
      type: 'webauthn-passwordless',
      userLabel: 'laptop',
      secretData: '{}',
      credentialData: '{"aaguid":"0","credentialId":"AA","counter":0,"credentialPublicKey":"AA"}',
    },
  ],
  clientConsents: [{ clientId: 'orders-service', grantedClientScopes: ['profile'] }],
}
/** The people of the demo realm, and carol. */
function withCarol(): object {
  const file = 'keycloak/realms/demo-realm.json'
  const { users = [] } = readRealm(readFileSync(file, 'utf8'), {}, file)
  // The realm of a journey has another name, and so has its default role.
  const others = users.map((user) => ({
    ...user,
    realmRoles: user.realmRoles?.filter((role) => !role.startsWith('default-roles-')) ?? [],
  }))
  return { users: [...others, carol] }
}

onBothProviders('Details of the own account', (start) => {
  let mail: MailCatcher
  beforeEach(async () => {
    mail = await startMailCatcher()
  })
  afterEach(() => mail.close())

  it('a new e-mail address counts when both addresses were asked', async () => {
    const world = await start({ smtpServer: mail.smtpServer })
    const page = await arrive(world, alice)
    const read = async () => (await ask(page, '/me')).data.user
    const { version, firstName, lastName } = await read()
    const email = 'alice@looking-glass.example'
    const begun = await ask(page, '/me', 'PUT', { version, firstName, lastName, email })
    expect(begun.data).to.deep.include({ emailChange: 'mailed' })
    expect(begun.data.user).to.include({ email: 'alice@example.com', emailVerified: true })

    const form = await followMail(world, mail, 'alice@example.com')
    await form.locator('#email').fill(email)
    await form.locator('#kc-update-email-form [type=submit]').click()
    await form.locator('#kc-info-message').waitFor()
    expect(await read()).to.include({ email: 'alice@example.com' })
    const confirmed = await followMail(world, mail, email)
    await confirmed.locator('#kc-info-message').waitFor()
    expect(await read()).to.include({ email, emailVerified: true })
  })

  it('names are not changed when the mail about the new address cannot be sent', async () => {
    const world = await start({ smtpServer: mail.smtpServer })
    const page = await arrive(world, alice)
    const { user } = (await ask(page, '/me')).data
    mail.refuse()
    const failed = await ask(page, '/me', 'PUT', {
      version: user.version,
      firstName: 'Alicia',
      lastName: user.lastName,
      email: 'alice@looking-glass.example',
    })
    expect(failed).to.nested.include({ status: 503, 'error.code': 'KEYCLOAK_UNAVAILABLE' })
    expect((await ask(page, '/me')).data.user).to.deep.equal(user)
  })

  it('a registration whose mail cannot be sent is taken back', async () => {
    const world = await start({ smtpServer: mail.smtpServer }, { REGISTRATION: 'on' })
    const wanted = { email: 'hatter@example.com', password: 'six-o-clock-tea', firstName: 'Mad', lastName: 'Hatter' }
    mail.refuse()
    expect((await askAsVisitor(world, '', wanted)).status).to.equal(202)
    const isTakenBack = async () => world.gateway.logText().includes('a registration was taken back')
    expect(await eventually(isTakenBack, (done) => done)).to.equal(true)
    const found = await world.admin.call('GET', `/${world.realm}/users?search=hatter`)
    expect(await found.json()).to.deep.equal([])
    mail.accept()
    expect((await askAsVisitor(world, '', wanted)).status).to.equal(202)
    expect((await mail.next(wanted.email)).subject).to.equal('Verify email')
  })

  it('lists passkeys and consents, and takes them away', async () => {
    const world = await start(withCarol())
    const page = await arrive(world, { username: 'carol', password: 'three-good-ghosts' })
    const { credentials } = (await ask(page, '/me/credentials')).data
    expect(credentials.map(({ type }: { type: string }) => type)).to.have.members(['password', 'webauthn-passwordless'])
    const [password, passkey] = ['password', 'webauthn-passwordless'].map((type) =>
      credentials.find((one: { type: string }) => one.type === type),
    )
    expect(passkey).to.include({ label: 'laptop' })
    expect((await ask(page, `/me/credentials/${password.id}`, 'DELETE')).error.code).to.equal('LAST_CREDENTIAL')
    expect((await ask(page, `/me/credentials/${passkey.id}`, 'DELETE')).data.credential).to.include({ id: passkey.id })
    expect((await ask(page, `/me/credentials/${passkey.id}`, 'DELETE')).error.code).to.equal('CREDENTIAL_NOT_FOUND')

    const { consents } = (await ask(page, '/me/consents')).data
    expect(consents).to.have.length(1)
    expect(consents[0]).to.deep.include({ clientId: 'orders-service', scopes: ['profile'] })
    expect((await ask(page, '/me/consents/orders-service', 'DELETE')).status).to.equal(200)
    expect((await ask(page, '/me/consents/orders-service', 'DELETE')).error.code).to.equal('CONSENT_NOT_FOUND')
  })

  it('is for people: a service client has none, and registration is off unless it is on', async () => {
    const world = await start()
    const authorization = `Bearer ${await world.serviceToken()}`
    const answer = await fetch(`${world.gateway.url}/api/v1/users/me`, { headers: { authorization } })
    expect(answer.status).to.equal(403)
    expect(await answer.json()).to.have.nested.property('error.code', 'NOT_A_PERSON')
    expect((await askAsVisitor(world, '', {})).status).to.equal(404)
  })
})
