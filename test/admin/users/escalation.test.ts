import { expect } from 'chai'
import fc from 'fast-check'
import { isManagementRole } from '../../../src/access/judge-write.ts'
import { permissionsOfRoles } from '../../../src/access/permissions.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { personNamed, type RealmPlan } from '../fake-realm.ts'
import { openUserDesk, type UserDeskWorld } from './user-desk-world.ts'

const ROLES = [
  ...['realm:admin', 'realm:user-admin', 'realm:auditor', 'realm:operator', 'realm:customer', 'realm:gold'],
  ...['realm:default', 'client:shop:read', 'client:shop:write'],
  ...['client:realm-management:manage-users', 'client:realm-management:realm-admin'],
]
const GROUPS = ['staff', 'support', 'night-shift']
const PEOPLE = ['helper', 'chief', 'ann', 'ben', 'service-account-robot']

const someRoles = fc.subarray(ROLES, { maxLength: 2 })
const plans: fc.Arbitrary<RealmPlan> = fc.record({
  // A role may contain any other, itself and loops included.
  roles: fc.record(Object.fromEntries(ROLES.map((role) => [role, someRoles]))),
  groups: fc.record({
    staff: fc.record({ roles: someRoles }),
    support: fc.record({ above: fc.constant('staff'), roles: someRoles }),
    'night-shift': fc.record({ above: fc.constant('support'), roles: someRoles }),
  }),
  people: fc.record(
    Object.fromEntries(
      PEOPLE.map((id) => [
        id,
        fc.record({ roles: someRoles, groups: fc.subarray(GROUPS, { maxLength: 1 }), enabled: fc.boolean() }),
      ]),
    ),
  ),
  defaults: fc.subarray(ROLES, { maxLength: 1 }),
})

type Act = (world: UserDeskWorld) => Promise<unknown>
const anybody = fc.constantFrom(...PEOPLE)
const acts: fc.Arbitrary<Act> = fc
  .record({
    id: anybody,
    by: fc.constantFrom('helper', 'chief'),
    roles: fc.subarray(ROLES, { minLength: 1, maxLength: 3 }),
    group: fc.constantFrom(...GROUPS),
  })
  .chain(({ id, by, roles, group }) =>
    fc.constantFrom<Act>(
      (world) => world.assign.giveRoles(world.as(by), id, roles),
      (world) => world.assign.takeRoles(world.as(by), id, roles),
      (world) => world.assign.join(world.as(by), id, group),
      (world) => world.assign.leave(world.as(by), id, group),
      (world) => world.change.disable(world.as(by), id),
      (world) => world.change.enable(world.as(by), id),
      (world) => world.change.remove(world.as(by), id, undefined),
      (world) => world.secure.setPassword(world.as(by), id, { value: 'taken-over-now', temporary: false }),
      (world) => world.change.change(world.as(by), id, { email: 'mine@evil.test' }, undefined),
      (world) => world.change.create(world.as(by), { ...personNamed('accomplice'), password: null }),
    ),
  )

/** Refusals are what is expected; anything else is a fault of the desk. */
async function tried(world: UserDeskWorld, act: Act): Promise<void> {
  await act(world).catch((error: unknown) => {
    if (!(error instanceof GatewayError) || error.status >= 500) throw error
  })
}

const everybody = (world: UserDeskWorld) =>
  new Map([...PEOPLE, 'made-5', 'made-6'].map((id) => [id, world.realm.heldBy(id)]))

describe('Whatever somebody with the permissions of a helper tries', () => {
  it('nobody gets a role or a permission that the helper lacks, through composites, groups or defaults', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(acts, { maxLength: 8 }), async (plan, wanted) => {
        const people = { ...plan.people, helper: { roles: ['realm:user-admin', 'realm:customer'] } }
        // The helper's own roles are as they are; what they contain is not for this story.
        const roles = { ...plan.roles, 'realm:user-admin': [], 'realm:customer': [] }
        const world = openUserDesk({ ...plan, roles, people })
        const before = everybody(world)
        const own = before.get('helper') ?? new Set()
        for (const act of wanted) {
          const before = everybody(world)
          await tried(world, (inside) => act({ ...inside, as: () => inside.as('helper') }))
          expect([...world.realm.heldBy('helper')], 'the helper').to.have.members([...(before.get('helper') ?? [])])
        }
        const allowed = permissionsOfRoles(own)
        for (const [id, held] of everybody(world)) {
          const gained = [...held].filter((role) => !before.get(id)?.has(role))
          if (id.startsWith('made')) {
            expect(gained.filter(isManagementRole), id).to.deep.equal([])
            expect(
              [...permissionsOfRoles(gained)].filter((one) => !allowed.has(one)),
              id,
            ).to.deep.equal([])
          } else
            expect(
              gained.filter((role) => !own.has(role)),
              id,
            ).to.deep.equal([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('whoever holds more, or is a service, or is the helper, stays as they were', async () => {
    await fc.assert(
      fc.asyncProperty(plans, acts, async (plan, act) => {
        const people = { ...plan.people, helper: { roles: ['realm:user-admin'] } }
        const world = openUserDesk({ ...plan, roles: { ...plan.roles, 'realm:user-admin': [] }, people })
        const own = permissionsOfRoles(world.realm.heldBy('helper'))
        const isAbove = (id: string) => {
          const held = [...world.realm.heldBy(id)]
          return held.some(isManagementRole) || [...permissionsOfRoles(held)].some((one) => !own.has(one))
        }
        const untouchable = PEOPLE.filter((id) => id.startsWith('service-account-') || isAbove(id))
        await tried(world, (inside) => act({ ...inside, as: () => inside.as('helper') }))
        for (const id of untouchable)
          expect(
            world.realm.writes.filter((write) => write.split(' ').includes(id)),
            id,
          ).to.deep.equal([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('Whatever two administrators do', () => {
  const both = { helper: { roles: ['realm:admin'] }, chief: { roles: ['realm:admin'] } }

  it('nobody gets a role of realm management', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(acts, { minLength: 1, maxLength: 8 }), async (plan, wanted) => {
        const roles = { ...plan.roles, 'realm:admin': [] }
        const world = openUserDesk({ ...plan, roles, people: { ...plan.people, ...both } })
        const before = everybody(world)
        for (const act of wanted) await tried(world, act)
        for (const [id, held] of everybody(world)) {
          const gained = [...held].filter((role) => !before.get(id)?.has(role))
          expect(gained.filter(isManagementRole), id).to.deep.equal([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('somebody who administers is left, also when they remove each other at once', async () => {
    const ends: Act[] = ['helper', 'chief'].flatMap((id) => {
      const by = id === 'helper' ? 'chief' : 'helper'
      return [
        (world) => world.change.disable(world.as(by, ['realm:admin']), id),
        (world) => world.change.remove(world.as(by, ['realm:admin']), id, undefined),
        (world) => world.change.change(world.as(by, ['realm:admin']), id, { enabled: false }, undefined),
        (world) => world.assign.takeRoles(world.as(by, ['realm:admin']), id, ['realm:admin']),
        (world) => world.assign.leave(world.as(by, ['realm:admin']), id, 'staff'),
      ] satisfies Act[]
    })
    const groups = { staff: { roles: ['realm:admin'] } }
    const holding = fc.constantFrom({ roles: ['realm:admin'] }, { groups: ['staff'] })
    await fc.assert(
      fc.asyncProperty(holding, holding, fc.shuffledSubarray(ends, { minLength: 2 }), async (helper, chief, wanted) => {
        const world = openUserDesk({ roles: { 'realm:admin': [] }, groups, people: { helper, chief } })
        await Promise.all(wanted.map((act) => tried(world, act)))
        const left = ['helper', 'chief'].filter((id) => world.realm.heldBy(id).has('realm:admin'))
        const enabled = left.map((id) =>
          world.realm.users.read(id).then(
            (one) => one.enabled,
            () => false,
          ),
        )
        expect(await Promise.all(enabled)).to.include(true)
      }),
      { numRuns: 300 },
    )
  })
})
