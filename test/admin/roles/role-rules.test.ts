import { expect } from 'chai'
import { BARE, openShop, told } from './role-shop.ts'

describe('The rules for roles', () => {
  const writer = ['admin:roles.write']
  type Row = [
    what: string,
    answer: string,
    by: string,
    act: (world: ReturnType<typeof openShop>, by: never) => Promise<unknown>,
  ]
  const add =
    (to: string, part: string): Row[3] =>
    (world, by) =>
      world.compose.add(by, world.realm.idOf(to), [part], undefined)
  const take =
    (from: string, part: string): Row[3] =>
    (world, by) =>
      world.compose.take(by, world.realm.idOf(from), [part], undefined)
  const rename =
    (key: string, name: string): Row[3] =>
    (world, by) =>
      world.change.change(by, world.realm.idOf(key), { name }, undefined)
  const create =
    (name: string, composites: string[] = [], client: string | null = null): Row[3] =>
    (world, by) =>
      world.change.create(by, { ...BARE, name, composites, client })
  const remove =
    (key: string): Row[3] =>
    (world, by) =>
      world.change.remove(by, world.realm.idOf(key), { force: true, version: undefined })
  const no = (rule: string) => `INSUFFICIENT_PERMISSIONS ${rule}`
  const ROWS: Row[] = [
    ['somebody without the permission', no('permission'), 'ann', create('x')],
    ['a writer makes a role', 'done', 'service-account-writer', create('x')],
    ['with what they hold', 'done', 'service-account-writer', create('x', ['realm:customer'])],
    ['with what they lack', no('grants-role'), 'service-account-writer', create('x', ['realm:till'])],
    ['with a permission they lack', no('grants-permission'), 'service-account-writer', create('x', ['realm:boss'])],
    ['that is a permission', no('role-higher-rank'), 'service-account-writer', create('auditor')],
    ['that Keycloak keeps', 'INVALID_REQUEST', 'ada', create('default-roles-x')],
    ['a writer puts in what they hold', 'done', 'service-account-writer', add('realm:till', 'client:shop:read')],
    ['a writer puts in what they lack', no('grants-role'), 'service-account-writer', add('realm:till', 'realm:gold')],
    ['a writer renames', no('grants-role'), 'service-account-writer', rename('realm:till', 'desk')],
    ['into a permission', no('grants-permission'), 'service-account-writer', rename('realm:till', 'user-admin')],
    [
      'a writer touches who is above',
      no('role-higher-rank'),
      'service-account-writer',
      take('realm:boss', 'realm:admin'),
    ],
    [
      'a writer touches what everybody has',
      no('built-in-role'),
      'service-account-writer',
      add('realm:default-roles-shop', 'realm:customer'),
    ],
    [
      'realm management is put in',
      no('grants-realm-management'),
      'ada',
      add('realm:till', 'client:realm-management:manage-users'),
    ],
    ['two steps away', no('grants-realm-management'), 'ada', add('realm:till', 'realm:hidden')],
    ['at creation', no('grants-realm-management'), 'ada', create('x', ['realm:hidden'])],
    [
      'a role with realm management two steps away is changed',
      no('role-realm-management'),
      'ada',
      rename('realm:hidden', 'x'),
    ],
    ['is added to', no('role-realm-management'), 'ada', add('realm:hidden', 'realm:customer')],
    ['is taken from', no('role-realm-management'), 'ada', take('realm:deep', 'client:realm-management:manage-users')],
    ['is deleted', no('role-realm-management'), 'ada', remove('realm:deep')],
    [
      'a role of Keycloak’s own clients is changed',
      no('role-of-keycloak'),
      'ada',
      rename('client:account:view-profile', 'x'),
    ],
    ['of realm management itself', no('role-of-keycloak'), 'ada', remove('client:realm-management:manage-users')],
    ['is made', no('role-of-keycloak'), 'ada', create('x', [], 'account')],
    [
      'an administrator gives to a role they hold what they lack',
      no('oneself-by-role'),
      'ada',
      add('realm:customer', 'realm:till'),
    ],
    ['by what everybody has', no('oneself-by-role'), 'ada', add('realm:default-roles-shop', 'realm:gold')],
    ['by another name', no('oneself-by-role'), 'ada', rename('realm:customer', 'vip')],
    ['and what they have', 'done', 'ada', add('realm:admin', 'client:shop:read')],
    ['the administrators are renamed', 'ROLE_PROTECTED', 'ada', rename('realm:admin', 'x')],
    ['deleted', 'ROLE_PROTECTED', 'ada', remove('realm:admin')],
    ['what everybody has is deleted', 'ROLE_PROTECTED', 'ada', remove('realm:default-roles-shop')],
    ['or renamed', 'ROLE_PROTECTED', 'ada', rename('realm:offline_access', 'x')],
    ['a finer role is deleted', 'done', 'ada', remove('realm:operator')],
    ['a role that is not there is put in', 'INVALID_REQUEST', 'ada', add('realm:till', 'realm:nobody')],
  ]
  for (const [what, answer, by, act] of ROWS)
    it(`${what}: ${answer}`, async () => {
      const world = openShop()
      const administrator = world.as(by, by === 'service-account-writer' ? writer : [])
      expect(await told(act(world, administrator as never))).to.equal(answer)
      if (answer !== 'done') expect(world.realm.writes).to.deep.equal([])
      if (answer.startsWith('INSUFFICIENT')) expect(world.told()).to.have.length(1)
    })

  it('leave somebody who administers, whatever way is cut', async () => {
    for (const cut of [take('realm:boss', 'realm:admin'), remove('realm:boss')]) {
      const world = openShop({ chief: ['realm:boss'], ann: [] })
      expect(await told(cut(world, world.as('chief') as never))).to.equal('LAST_ADMINISTRATOR last-administrator')
      expect(world.realm.writes).to.deep.equal([])
      const two = openShop({ chief: ['realm:boss'], ada: ['realm:admin'] })
      expect(await told(cut(two, two.as('chief') as never))).to.equal('done')
    }
  })
})
