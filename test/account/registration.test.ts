import { expect } from 'chai'
import { createBackground } from '../../src/account/in-background.ts'
import { createMailedLinks } from '../../src/account/mailed-links.ts'
import { createRegistration } from '../../src/account/registration.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { fakeAccounts } from './fake-accounts.ts'

const by = { actor: { kind: 'anonymous', id: null, username: null, client: null }, address: null } as const
const wanted = { email: 'dinah@example.com', password: 'a-cat-of-the-house', firstName: 'Dinah', lastName: '' }

function open() {
  const keycloak = fakeAccounts()
  const { accounts, users } = keycloak
  const background = createBackground(silentLog)
  const outcomes: string[] = []
  const audit = {
    record: async ({ outcome }: { outcome: string }) => void outcomes.push(outcome),
    note: ({ outcome }: { outcome: string }) => void outcomes.push(outcome),
  }
  const counted: string[] = []
  const countMail = async (email: string) => void counted.push(email)
  const parts = { accounts, users, audit, countMail, inBackground: background.run, log: silentLog }
  const register = createRegistration({ ...parts, madeUpName: () => 'probe' })
  const settled = () => background.finish(5_000)
  return { ...keycloak, settled, counted, outcomes, register, links: createMailedLinks(parts) }
}

describe('Registration', () => {
  it('makes an account that has to be verified, and mails the link', async () => {
    const { register, settled, done, people, outcomes } = open()
    await register(wanted, by)
    await settled()
    expect(done).to.deep.equal(['create dinah@example.com', 'verify dinah@example.com'])
    const [made] = people.values()
    expect(made).to.deep.include({
      enabled: true,
      emailVerified: false,
      lastName: null,
      requiredActions: ['VERIFY_EMAIL'],
    })
    expect(outcomes).to.deep.equal(['intended', 'ok'])
  })

  it('is taken back when the mail cannot be sent', async () => {
    const { register, settled, people, fail } = open()
    fail('verify')
    await register(wanted, by)
    await settled()
    expect([...people]).to.deep.equal([])
  })

  it('does the same for an address that is taken, and tells its owner', async () => {
    const { register, settled, done, people, add, outcomes } = open()
    add('dinah')
    await register(wanted, by)
    await settled()
    expect(done).to.deep.equal([
      'create probe@example.com',
      'remove probe@example.com',
      'mail dinah@example.com UPDATE_PASSWORD',
    ])
    expect([...people.keys()]).to.deep.equal(['dinah'])
    expect(outcomes).to.deep.equal(['intended', 'refused'])
  })

  it('lets the owner of an unverified address choose the password, whoever registered it first', async () => {
    const { register, settled, done, add } = open()
    add('dinah', { emailVerified: false })
    await register(wanted, by)
    await settled()
    expect(done.at(-1)).to.equal('mail dinah@example.com VERIFY_EMAIL+UPDATE_PASSWORD')
  })

  for (const taken of [true, false])
    it(`names every rule that the password breaks, the address ${taken ? 'taken' : 'free'}`, async () => {
      const { register, done, add, counted, outcomes } = open()
      if (taken) add('dinah')
      const error = await register({ ...wanted, password: 'short' }, by).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(GatewayError)
      expect((error as GatewayError).details).to.have.deep.nested.property('rules[0].rule', 'length')
      expect([done, outcomes, counted]).to.deep.equal([[], [], []])
    })

  it('fails in the same way for both when Keycloak refuses what it alone can judge', async () => {
    for (const taken of [true, false]) {
      const { register, add, fail } = open()
      if (taken) add('dinah')
      fail('create', new GatewayError('PASSWORD_REFUSED'))
      const error = await register(wanted, by).catch((thrown: unknown) => thrown)
      expect(error).to.include({ code: 'PASSWORD_REFUSED' })
    }
  })

  it('lets Keycloak judge the same signs for an address that is taken', async () => {
    const { register, add, done } = open()
    add('dinah', { email: "d'i+n'ah@example.com" })
    await register({ ...wanted, email: "d'i+n'ah@example.com" }, by)
    expect(done[0]).to.equal("create probe'+@example.com")
  })

  it('says in the same words that an address cannot be used, whatever Keycloak makes of it', async () => {
    for (const fields of [['username'], ['email'], ['email', 'username']])
      for (const taken of [true, false]) {
        const { register, add, fail } = open()
        if (taken) add('dinah')
        const refused = ['firstName', ...fields].map((field) => ({ field, problem: `is no ${field}` }))
        fail('create', new GatewayError('INVALID_REQUEST', { details: { fields: refused } }))
        const error = await register(wanted, by).catch((thrown: unknown) => thrown)
        expect((error as GatewayError).details).to.deep.equal({
          fields: [
            { field: 'firstName', problem: 'is no firstName' },
            { field: 'email', problem: 'cannot be used as address and user name' },
          ],
        })
      }
  })

  it('says nothing when somebody else was quicker by a moment', async () => {
    const { register, fail } = open()
    fail('create', new GatewayError('ACCOUNT_TAKEN'))
    await register(wanted, by)
  })
})

describe('Links by mail', () => {
  const mails = async (more: object, ask: 'forgotPassword' | 'verifyEmail', email = 'dinah@example.com') => {
    const { links, add, done, settled } = open()
    add('dinah', more)
    await links[ask](email)
    await settled()
    return done
  }

  it('go to those who may use them', async () => {
    expect(await mails({}, 'forgotPassword')).to.deep.equal(['mail dinah@example.com UPDATE_PASSWORD'])
    expect(await mails({ emailVerified: false }, 'verifyEmail')).to.deep.equal(['verify dinah@example.com'])
  })

  it('go to nobody else, and nobody is told', async () => {
    for (const more of [{ enabled: false }, { email: null }]) {
      expect(await mails(more, 'forgotPassword')).to.deep.equal([])
      expect(await mails({ emailVerified: false, ...more }, 'verifyEmail')).to.deep.equal([])
    }
    expect(await mails({}, 'verifyEmail')).to.deep.equal([])
    expect(await mails({}, 'forgotPassword', 'nobody@example.com')).to.deep.equal([])
  })

  it('that cannot be sent are nobody else’s trouble', async () => {
    const { links, add, fail, settled } = open()
    add('dinah')
    fail('mail')
    await links.forgotPassword('dinah@example.com')
    await settled()
  })
})
