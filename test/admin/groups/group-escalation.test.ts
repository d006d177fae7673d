import { expect } from 'chai'
import fc from 'fast-check'
import { isManagementRole } from '../../../src/access/judge-write.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { type GroupDeskWorld, openGroupDesk } from './group-desk-world.ts'

const ROLES = [
  ...['realm:admin', 'realm:user-admin', 'realm:auditor', 'realm:operator', 'realm:customer', 'realm:gold'],
  ...['client:shop:read', 'client:realm-management:manage-users', 'client:realm-management:realm-admin'],
]
const GROUPS = ['staff', 'support', 'night', 'other', 'lower']
const PEOPLE = ['helper', 'chief', 'ann', 'ben', 'service-account-robot']
/** All that a keeper of groups is given, but not the roles themselves. */
const KEEPER = ['admin:groups.write', 'admin:groups.assign', 'admin:roles.assign']

const someRoles = fc.subarray(ROLES, { maxLength: 2 })
const group = (above?: string) =>
  fc.record({ roles: someRoles, ...(above === undefined ? {} : { above: fc.constant(above) }) })
const plans: fc.Arbitrary<RealmPlan> = fc.record({
  // A role may contain any other, itself and loops included.
  roles: fc.record(Object.fromEntries(ROLES.map((role) => [role, someRoles]))),
  groups: fc.record({
    staff: group(),
    support: group('staff'),
    night: group('support'),
    other: group(),
    lower: group('other'),
  }),
  people: fc.record(
    Object.fromEntries(
      PEOPLE.map((id) => [
        id,
        fc.record({ roles: someRoles, groups: fc.subarray(GROUPS, { maxLength: 2 }), enabled: fc.boolean() }),
      ]),
    ),
  ),
})

type Act = (world: GroupDeskWorld, by: ReturnType<GroupDeskWorld['as']>) => Promise<unknown>
const anyGroup = fc.constantFrom(...GROUPS)
const acts: fc.Arbitrary<Act> = fc
  .record({
    ...{ id: anyGroup, to: fc.option(anyGroup), whom: fc.constantFrom(...PEOPLE), withContents: fc.boolean() },
    roles: fc.subarray(ROLES, { minLength: 1, maxLength: 3 }),
  })
  .chain(({ id, to, whom, roles, withContents }) =>
    fc.constantFrom<Act>(
      (world, by) => world.assign.giveRoles(by, id, roles),
      (world, by) => world.assign.takeRoles(by, id, roles),
      (world, by) => world.move(by, id, to, undefined),
      (world, by) => world.change.remove(by, id, { withContents, version: undefined }),
      (world, by) => world.change.change(by, id, { name: `${id} renamed` }, undefined),
      (world, by) => world.change.create(by, { name: 'made', description: null, attributes: {} }, to),
      (world, by) => world.users.assign.join(by, whom, id),
      (world, by) => world.users.assign.leave(by, whom, id),
      (world, by) => world.users.assign.giveRoles(by, whom, roles),
    ),
  )

/** Refusals are what is expected; anything else is a fault of the desk. */
async function tried(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof GatewayError) || error.status >= 500) throw error
  })
}
const everybody = (world: GroupDeskWorld) => new Map(PEOPLE.map((id) => [id, world.realm.heldBy(id)]))
const throughGroup = async (world: GroupDeskWorld, id: string) =>
  (await world.realm.roles.ofGroup(id)).map(({ key }) => key)

/** A service client that keeps groups: it has the permissions by scope, and one role that it holds. */
function keeper(world: GroupDeskWorld): ReturnType<GroupDeskWorld['as']> {
  const { identity, audited } = world.as('service-account-robot')
  return { audited, identity: { ...identity, scopes: KEEPER } }
}
const robot = { roles: ['realm:customer'], enabled: true }

describe('Whatever somebody tries who keeps groups without being an administrator', () => {
  it('nobody gets a role by it that the keeper lacks, through groups above, composites or moves', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(acts, { minLength: 1, maxLength: 8 }), async (plan, wanted) => {
        const people = { ...plan.people, 'service-account-robot': robot }
        const world = openGroupDesk({ ...plan, roles: { ...plan.roles, 'realm:customer': [] }, people })
        const before = everybody(world)
        for (const act of wanted) await tried(act(world, keeper(world)))
        for (const [id, held] of everybody(world)) {
          const gained = [...held].filter((role) => !before.get(id)?.has(role))
          expect(
            id === 'service-account-robot' ? gained : gained.filter((role) => role !== 'realm:customer'),
            id,
          ).to.deep.equal([])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('groups through which administrative roles or more permissions are held stay as they were', async () => {
    await fc.assert(
      fc.asyncProperty(plans, acts, async (plan, act) => {
        const people = { ...plan.people, 'service-account-robot': robot }
        const world = openGroupDesk({ ...plan, roles: { ...plan.roles, 'realm:customer': [] }, people })
        const isAbove = async (id: string) =>
          (await throughGroup(world, id)).some(
            (role) =>
              isManagementRole(role) ||
              ['realm:admin', 'realm:user-admin', 'realm:auditor', 'realm:operator'].includes(role),
          )
        const untouchable: string[] = []
        for (const id of GROUPS) if (await isAbove(id)) untouchable.push(id)
        const shape = (id: string) => JSON.stringify(world.fake.group(id))
        const shapes = new Map(untouchable.map((id) => [id, shape(id)]))
        await tried(act(world, keeper(world)))
        for (const [id, was] of shapes) expect(shape(id), id).to.equal(was)
      }),
      { numRuns: 400 },
    )
  })
})

describe('Whatever two administrators do to groups', () => {
  it('nobody gets a role of realm management, and nobody raises themselves', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(acts, { minLength: 1, maxLength: 8 }), async (plan, wanted) => {
        const people = { ...plan.people, chief: { roles: ['realm:admin'], groups: ['support'], enabled: true } }
        const world = openGroupDesk({ ...plan, roles: { ...plan.roles, 'realm:admin': [] }, people })
        const before = everybody(world)
        for (const act of wanted) await tried(act(world, world.as('chief')))
        for (const [id, held] of everybody(world)) {
          const gained = [...held].filter((role) => !before.get(id)?.has(role))
          expect(id === 'chief' ? gained : gained.filter(isManagementRole), id).to.deep.equal([])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('somebody who administers is left', async () => {
    const holding = fc.constantFrom<{ roles?: string[]; groups?: string[] }>(
      ...[{ roles: ['realm:admin'] }, { groups: ['staff'] }, { groups: ['support'] }, { groups: ['lower'] }],
    )
    await fc.assert(
      fc.asyncProperty(
        plans,
        holding,
        holding,
        fc.array(acts, { minLength: 2, maxLength: 8 }),
        async (plan, one, two, wanted) => {
          const groups = {
            ...plan.groups,
            staff: { roles: ['realm:admin'] },
            lower: { above: 'other', roles: ['realm:admin'] },
          }
          const people = { ...plan.people, helper: one, chief: two }
          const world = openGroupDesk({ ...plan, roles: { ...plan.roles, 'realm:admin': [] }, groups, people })
          const { identity, audited } = world.as('chief', ['realm:admin'])
          await Promise.all(
            wanted.map((act, at) =>
              tried(act(world, at % 2 === 0 ? world.as('helper', ['realm:admin']) : { identity, audited })),
            ),
          )
          const left = PEOPLE.filter(
            (id) =>
              !id.startsWith('service-account-') &&
              world.realm.person(id).enabled &&
              world.realm.heldBy(id).has('realm:admin'),
          )
          expect(left).not.to.deep.equal([])
        },
      ),
      { numRuns: 400 },
    )
  })
})
