import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { PERMISSIONS } from '../../../src/access/permissions.ts'
import { createRedisTurns } from '../../../src/platform/redis/redis-turns.ts'
import { type RedisWorld, startRedisWorld } from '../../contracts/redis-world.ts'
import { needRedis } from '../../support/redis-server.ts'
import { type FakeRealm, fakeRealm, type RealmPlan } from '../fake-realm.ts'
import { openUserDesk, type UserDeskWorld } from './user-desk-world.ts'

const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [] },
  people: { ada: { roles: ['realm:admin'] }, bea: { roles: ['realm:admin'] }, cat: {} },
}
const WAYS: [what: string, remove: (desk: UserDeskWorld, by: Administrator, whom: string) => Promise<unknown>][] = [
  ['deletes', (desk, by, whom) => desk.change.remove(by, whom, undefined)],
  ['disables', (desk, by, whom) => desk.change.disable(by, whom)],
  ['takes the role from', (desk, by, whom) => desk.assign.takeRoles(by, whom, ['realm:admin'])],
]
type Administrator = ReturnType<UserDeskWorld['as']>

describe('With two instances of the gateway', () => {
  let redis: RedisWorld
  let realm: FakeRealm
  let desks: [UserDeskWorld, UserDeskWorld]
  before(async function () {
    needRedis(this)
    redis = await startRedisWorld()
  })
  beforeEach(() => {
    realm = fakeRealm(PLAN)
    desks = [instance(), instance()]
  })
  afterEach(() => redis.empty())
  after(() => redis?.stop())

  const instance = () => {
    const turns = createRedisTurns({ redis: redis.redis, pause, now: () => performance.now() })
    return openUserDesk(PLAN, { realm, turns })
  }
  const code = (work: Promise<unknown>) => work.then(() => 'done').catch((error: { code: string }) => error.code)
  const administrators = () => ['ada', 'bea'].filter((id) => realm.heldBy(id).has('realm:admin') && stillWorks(id))
  function stillWorks(id: string): boolean {
    try {
      return realm.person(id).enabled
    } catch {
      return false
    }
  }
  function robot({ identity, audited }: Administrator): Administrator {
    const scopes = Object.keys(PERMISSIONS).map((name) => `admin:${name}`)
    return { audited, identity: { ...identity, username: 'service-account-robot', scopes } }
  }

  for (const [what, remove] of WAYS) {
    it(`somebody ${what} the last two administrators at once: one of them remains`, async () => {
      const [here, there] = desks
      const answers = await Promise.all([
        code(remove(here, robot(here.as('cat')), 'ada')),
        code(remove(there, robot(there.as('cat')), 'bea')),
      ])
      expect(answers.sort()).to.deep.equal(['LAST_ADMINISTRATOR', 'done'])
      expect(administrators()).to.have.length(1)
    })

    it(`each of the last two ${what} the other one: one is too late`, async () => {
      const [here, there] = desks
      const answers = await Promise.all([
        code(remove(here, here.as('ada'), 'bea')),
        code(remove(there, there.as('bea'), 'ada')),
      ])
      expect(answers.sort()).to.deep.equal(['INSUFFICIENT_PERMISSIONS', 'done'])
      expect(administrators()).to.have.length(1)
    })
  }

  it('two changes of one user are made one after the other', async () => {
    const [here, there] = desks
    await Promise.all([
      here.assign.giveRoles(here.as('ada'), 'cat', ['realm:customer']),
      there.assign.takeRoles(there.as('bea'), 'cat', ['realm:customer']),
    ])
    expect(realm.writes.map((write) => write.split(' ')[0])).to.deep.equal(
      realm.rolesOf('cat').length === 0 ? ['assign', 'withdraw'] : ['withdraw', 'assign'],
    )
  })
})
