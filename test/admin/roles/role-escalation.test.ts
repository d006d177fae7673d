import { expect } from 'chai'
import fc from 'fast-check'
import { isManagementRole } from '../../../src/access/judge-write.ts'
import { permissionsOfRoles } from '../../../src/access/permissions.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { openRoleDesk, type RoleDeskWorld } from './role-desk-world.ts'

const ROLES = [
  ...['realm:admin', 'realm:user-admin', 'realm:operator', 'realm:customer', 'realm:gold', 'realm:till'],
  ...['realm:default-roles-shop', 'client:shop:read', 'client:shop:write', 'client:account:view-profile'],
  ...['client:realm-management:manage-users', 'client:realm-management:realm-admin'],
]
const PEOPLE = ['ada', 'ann', 'ben', 'service-account-writer']
const some = fc.subarray(ROLES, { maxLength: 2 })
/** Roles may contain any other, loops included; people hold whatever there is. */
const plans = fc.record({
  roles: fc.record(Object.fromEntries(ROLES.map((role) => [role, some]))),
  people: fc.record(Object.fromEntries(PEOPLE.map((id) => [id, some]))),
})

type Act = (world: RoleDeskWorld, by: ReturnType<RoleDeskWorld['as']>) => Promise<unknown>
const NAMES = ['admin', 'user-admin', 'auditor', 'operator', 'customer', 'fresh', 'default-roles-shop']
const acts: fc.Arbitrary<Act> = fc
  .record({
    role: fc.constantFrom(...ROLES, 'realm:fresh'),
    parts: fc.subarray([...ROLES, 'realm:fresh'], { minLength: 1, maxLength: 3 }),
    name: fc.constantFrom(...NAMES),
    client: fc.constantFrom(null, 'shop', 'account', 'realm-management'),
    force: fc.boolean(),
  })
  .chain(({ role, parts, name, client, force }) =>
    fc.constantFrom<Act>(
      (world, by) => world.compose.add(by, world.realm.idOf(role), parts, undefined),
      (world, by) => world.compose.take(by, world.realm.idOf(role), parts, undefined),
      (world, by) => world.change.change(by, world.realm.idOf(role), { name }, undefined),
      (world, by) => world.change.remove(by, world.realm.idOf(role), { force, version: undefined }),
      (world, by) => world.change.create(by, { name, client, description: null, attributes: {}, composites: parts }),
    ),
  )

/** Refusals are what is expected; anything else is a fault of the desk. */
async function tried(world: RoleDeskWorld, act: Act, by: ReturnType<RoleDeskWorld['as']>): Promise<void> {
  await act(world, by).catch((error: unknown) => {
    if (!(error instanceof GatewayError) || error.status >= 500) throw error
  })
}

const everybody = (world: RoleDeskWorld) => new Map(PEOPLE.map((id) => [id, world.realm.heldBy(id)]))
const gainedBy = (before: ReadonlySet<string> | undefined, now: ReadonlySet<string>) =>
  [...now].filter((role) => before?.has(role) !== true)

describe('Whatever is done to roles', () => {
  it('by a service that may write them, nobody gets a role or a permission that it lacks', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(acts, { minLength: 1, maxLength: 6 }), async (plan, wanted) => {
        const world = openRoleDesk(plan)
        const before = everybody(world)
        const own = before.get('service-account-writer') ?? new Set()
        // Whoever is an administrator too may give what they do not hold.
        fc.pre(!permissionsOfRoles(own).has('roles.assign-any'))
        const by = world.as('service-account-writer', ['admin:roles.write'])
        for (const act of wanted) await tried(world, act, by)
        for (const [id, held] of everybody(world)) {
          const gained = gainedBy(before.get(id), held)
          expect(
            gained.filter((role) => !own.has(role)),
            id,
          ).to.deep.equal([])
          const lacking = [...permissionsOfRoles(gained)].filter((one) => !permissionsOfRoles(own).has(one))
          expect(lacking, id).to.deep.equal([])
        }
      }),
      { numRuns: 400 },
    )
  })

  it('by an administrator, nobody gets realm management, and they themselves get nothing', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.array(acts, { minLength: 1, maxLength: 6 }), async (plan, wanted) => {
        const world = openRoleDesk({
          roles: { ...plan.roles, 'realm:admin': [] },
          people: { ...plan.people, ada: [...(plan.people.ada ?? []), 'realm:admin'] },
        })
        const before = everybody(world)
        for (const act of wanted) await tried(world, act, world.as('ada'))
        for (const [id, held] of everybody(world))
          expect(gainedBy(before.get(id), held).filter(isManagementRole), id).to.deep.equal([])
        expect(gainedBy(before.get('ada'), world.realm.heldBy('ada'))).to.deep.equal([])
      }),
      { numRuns: 400 },
    )
  })

  it('no role contains itself that did not before, and somebody administers', async () => {
    const people = { ada: ['realm:admin'], ann: ['realm:gold'], ben: ['realm:till'] }
    const flat = Object.fromEntries(ROLES.map((role) => [role, role === 'realm:gold' ? ['realm:admin'] : []]))
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { minLength: 1, maxLength: 8 }), fc.boolean(), async (wanted, isByAnn) => {
        const world = openRoleDesk({ roles: flat, people: isByAnn ? { ...people, ada: [] } : people })
        for (const act of wanted) await tried(world, act, world.as(isByAnn ? 'ann' : 'ada'))
        for (const key of world.realm.keys()) {
          const inside = await world.realm.roles.expanded(await world.realm.catalogue.composites(world.realm.idOf(key)))
          expect(
            inside.map((one) => one.key),
            key,
          ).to.not.include(key)
        }
        const left = Object.keys(people).filter((id) => world.realm.heldBy(id).has('realm:admin'))
        expect(left).to.not.deep.equal([])
      }),
      { numRuns: 400 },
    )
  })
})
