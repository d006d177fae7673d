import { expect } from 'chai'
import { createOwnProfile } from '../../src/account/own-profile.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../src/platform/redis/turns.ts'
import { the } from '../support/the.ts'
import { fakeAccounts } from './fake-accounts.ts'

const by = { actor: { kind: 'user', id: 'alice', username: 'alice', client: null }, address: null } as const

describe('Two changes of one account at once', () => {
  const { accounts, users, add } = fakeAccounts()
  add('alice')
  const audit = { change: <T>(_event: unknown, change: () => Promise<T>) => change() }
  const turns = createLocalTurns()
  const profile = createOwnProfile({ accounts, users, audit, log: silentLog, inTurn: turns.run })
  const caller = { ...the.caller(), id: 'alice', method: 'session', sessionId: 's' } as unknown as Identity

  it('are made in turn, and the second is told what the first has changed', async () => {
    const { version } = await accounts.read('alice')
    const change = (firstName: string) =>
      profile.update(caller, { version, firstName, lastName: 'L' }, by).catch((error: GatewayError) => error)
    const [first, second, third] = await Promise.all(['B', 'C', 'D'].map(change))
    expect(first).to.have.nested.property('user.firstName', 'B')
    for (const late of [second, third]) {
      expect(late).to.be.instanceOf(GatewayError).and.to.include({ code: 'VERSION_CONFLICT' })
      expect(late).to.have.deep.nested.property('details.changed', ['firstName'])
    }
  })

  it('wait for what administrators change', async () => {
    const { version } = await accounts.read('alice')
    const administrator = turns.run('user alice', async () => {
      const before = await accounts.read('alice')
      await Promise.resolve()
      await users.change(before, { lastName: 'Liddell' })
    })
    const late = await profile.update(caller, { version, firstName: 'E', lastName: 'L' }, by).catch((error) => error)
    await administrator
    expect(late).to.include({ code: 'VERSION_CONFLICT' })
    expect((await accounts.read('alice')).lastName).to.equal('Liddell')
  })
})
