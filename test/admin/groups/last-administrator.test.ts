import { expect } from 'chai'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { type GroupDeskWorld, openGroupDesk } from './group-desk-world.ts'

type By = ReturnType<GroupDeskWorld['as']>

const gone = { withContents: true, version: undefined }
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof GatewayError)) throw error
      return error.code === 'LAST_ADMINISTRATOR' ? error.details.rule : error.code
    },
  )

describe('The last administrator', () => {
  const roles = { 'realm:admin': [], 'realm:chief': ['realm:admin'] }
  const groups = {
    top: { roles: ['realm:admin'] },
    chiefs: { above: 'top', roles: [] },
    free: { roles: [] },
    also: { above: 'chiefs', roles: ['realm:chief'] },
  }
  const people = {
    eve: { groups: ['chiefs'] },
    'service-account-robot': { roles: ['realm:admin'] },
    out: { roles: ['realm:admin'], enabled: false },
  }
  const REMOVALS: [what: string, act: (world: GroupDeskWorld, by: By) => Promise<unknown>][] = [
    ['deleting the group', (w, by) => w.change.remove(by, 'chiefs', gone)],
    ['deleting the group above', (w, by) => w.change.remove(by, 'top', gone)],
    ['moving the group away', (w, by) => w.move(by, 'chiefs', 'free', undefined)],
    ['taking the role from the group above', (w, by) => w.assign.takeRoles(by, 'top', ['realm:admin'])],
    ['taking them out', (w, by) => w.users.assign.leave(by, 'eve', 'chiefs')],
  ]
  for (const [what, act] of REMOVALS) {
    it(`is not lost by ${what}`, async () => {
      const world = openGroupDesk({ roles, groups, people })
      expect(await outcome(act(world, world.as('service-account-robot')))).to.equal('last-administrator')
      expect(world.realm.writes).to.deep.equal([])
    })

    it(`is not the last when another one holds the role in another way, so ${what} is done`, async () => {
      const world = openGroupDesk({ roles, groups, people: { ...people, ada: { roles: ['realm:chief'] } } })
      expect(await outcome(act(world, world.as('service-account-robot')))).to.equal('done')
    })
  }

  it('may lose one of two groups that give the role', async () => {
    const world = openGroupDesk({ roles, groups, people: { ...people, eve: { groups: ['also'] } } })
    const robot = world.as('service-account-robot')
    expect(await outcome(world.assign.takeRoles(robot, 'top', ['realm:admin']))).to.equal('done')
    expect(await outcome(world.assign.takeRoles(robot, 'also', ['realm:chief']))).to.equal('last-administrator')
  })
})
