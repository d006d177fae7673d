import { expect } from 'chai'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { type GroupDeskWorld, openGroupDesk } from './group-desk-world.ts'

const MANAGE = 'client:realm-management:manage-users'
const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:gold': [], 'realm:customer': [], 'realm:hidden': [MANAGE], [MANAGE]: [] },
  groups: {
    staff: { roles: ['realm:customer'] },
    support: { above: 'staff', roles: [] },
    keepers: { roles: ['realm:hidden'] },
    below: { above: 'keepers', roles: [] },
    around: { roles: [] },
    inside: { above: 'around', roles: [MANAGE] },
    chiefs: { roles: ['realm:admin'] },
    deputies: { above: 'chiefs', roles: [] },
    golden: { roles: ['realm:gold'] },
  },
  people: {
    ada: { roles: ['realm:admin'], groups: ['support'] },
    ann: { groups: ['support'] },
    'service-account-keeper': { roles: ['realm:customer'] },
  },
}
const SCOPES = ['admin:groups.write', 'admin:roles.assign', 'admin:groups.assign']
type By = ReturnType<GroupDeskWorld['as']>
type Try = [what: string, act: (world: GroupDeskWorld, by: By) => Promise<unknown>, rule: string]

const fields = { name: 'new', description: null, attributes: {} }
const gone = { withContents: true, version: undefined }
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof GatewayError)) throw error
      return error.details.rule ?? error.code
    },
  )

const ADMINISTRATOR: Try[] = [
  [
    'gives administrative roles of Keycloak',
    (w, by) => w.assign.giveRoles(by, 'staff', [MANAGE]),
    'grants-realm-management',
  ],
  [
    'gives a role that contains one',
    (w, by) => w.assign.giveRoles(by, 'staff', ['realm:hidden']),
    'grants-realm-management',
  ],
  ['takes one away', (w, by) => w.assign.takeRoles(by, 'inside', [MANAGE]), 'group-realm-management'],
  [
    'renames a group that has one',
    (w, by) => w.change.change(by, 'keepers', { name: 'x' }, undefined),
    'group-realm-management',
  ],
  [
    'describes a group below one that has',
    (w, by) => w.change.change(by, 'below', { description: 'x' }, undefined),
    'group-realm-management',
  ],
  ['creates a group below one that has', (w, by) => w.change.create(by, fields, 'keepers'), 'group-realm-management'],
  ['deletes a group above one that has', (w, by) => w.change.remove(by, 'around', gone), 'group-realm-management'],
  [
    'gives a role to a group above one that has',
    (w, by) => w.assign.giveRoles(by, 'around', ['realm:gold']),
    'group-realm-management',
  ],
  [
    'moves a group below one that has',
    (w, by) => w.move(by, 'golden', 'keepers', undefined),
    'grants-realm-management',
  ],
  [
    'moves a group out from below one that has',
    (w, by) => w.move(by, 'below', null, undefined),
    'group-realm-management',
  ],
  [
    'puts somebody into a group that has one',
    (w, by) => w.users.assign.join(by, 'ann', 'below'),
    'grants-realm-management',
  ],
  [
    'gives a role to a group above the own one',
    (w, by) => w.assign.giveRoles(by, 'staff', ['realm:gold']),
    'oneself-by-group',
  ],
  [
    'moves the own group below one with more',
    (w, by) => w.move(by, 'support', 'golden', undefined),
    'oneself-by-group',
  ],
  ['moves the group above the own one', (w, by) => w.move(by, 'staff', 'golden', undefined), 'oneself-by-group'],
  ['joins a group with more', (w, by) => w.users.assign.join(by, 'ada', 'golden'), 'oneself'],
  ['gives the own group what is held anyway', (w, by) => w.assign.giveRoles(by, 'support', ['realm:admin']), 'done'],
  [
    'describes a group above one that has',
    (w, by) => w.change.change(by, 'around', { description: 'x' }, undefined),
    'done',
  ],
  ['gives another group what nobody holds', (w, by) => w.assign.giveRoles(by, 'chiefs', ['realm:gold']), 'done'],
]
const KEEPER: Try[] = [
  ['gives a role that the keeper lacks', (w, by) => w.assign.giveRoles(by, 'staff', ['realm:gold']), 'grants-role'],
  ['gives a role with permissions', (w, by) => w.assign.giveRoles(by, 'staff', ['realm:admin']), 'grants-permission'],
  ['moves a group below one that gives more', (w, by) => w.move(by, 'staff', 'golden', undefined), 'grants-role'],
  [
    'moves a group below one that gives permissions',
    (w, by) => w.move(by, 'staff', 'deputies', undefined),
    'grants-permission',
  ],
  ['puts somebody into a group that gives more', (w, by) => w.users.assign.join(by, 'ann', 'golden'), 'grants-role'],
  [
    'puts somebody below a group that gives more',
    (w, by) => w.users.assign.join(by, 'ann', 'deputies'),
    'grants-permission',
  ],
  [
    'takes the role of administrators',
    (w, by) => w.assign.takeRoles(by, 'chiefs', ['realm:admin']),
    'group-higher-rank',
  ],
  [
    'renames the group of administrators',
    (w, by) => w.change.change(by, 'chiefs', { name: 'x' }, undefined),
    'group-higher-rank',
  ],
  [
    'deletes a group below that of administrators',
    (w, by) => w.change.remove(by, 'deputies', gone),
    'group-higher-rank',
  ],
  ['gives what the keeper holds', (w, by) => w.assign.giveRoles(by, 'golden', ['realm:customer']), 'done'],
  ['moves a group to where as much is held', (w, by) => w.move(by, 'golden', 'staff', undefined), 'done'],
  ['deletes a group of the same rank', (w, by) => w.change.remove(by, 'golden', gone), 'done'],
]

describe('The rules for groups, when an administrator', () => {
  for (const [what, act, rule] of ADMINISTRATOR)
    it(`${what}: ${rule}`, async () => {
      const world = openGroupDesk(PLAN)
      expect(await outcome(act(world, world.as('ada')))).to.equal(rule)
      expect(world.realm.writes.length).to.equal(rule === 'done' ? 1 : 0)
    })
})

describe('The rules for groups, when a service that keeps groups', () => {
  const keeper = (world: GroupDeskWorld, scopes = SCOPES): By => {
    const { identity, audited } = world.as('service-account-keeper')
    return { audited, identity: { ...identity, scopes } }
  }
  for (const [what, act, rule] of KEEPER)
    it(`${what}: ${rule}`, async () => {
      const world = openGroupDesk(PLAN)
      expect(await outcome(act(world, keeper(world)))).to.equal(rule)
    })

  it('lacks one of the two permissions for roles of groups: permission', async () => {
    for (const lacking of ['admin:groups.write', 'admin:roles.assign']) {
      const world = openGroupDesk(PLAN)
      const by = keeper(
        world,
        SCOPES.filter((scope) => scope !== lacking),
      )
      for (const act of [world.assign.giveRoles, world.assign.takeRoles])
        expect(await outcome(act(by, 'staff', ['realm:customer'])), lacking).to.equal('permission')
    }
  })
})
