import { expect } from 'chai'
import { judgeWrite, type Rule, type WriteFacts } from '../../src/access/judge-write.ts'
import { type Permission, permissionsOfRoles } from '../../src/access/permissions.ts'

const caller = (roles: string[], changes: Partial<WriteFacts['caller']> = {}): WriteFacts['caller'] => ({
  ...{ id: 'caller', isEnabled: true, permissions: permissionsOfRoles(roles), roles: new Set(roles) },
  ...changes,
})
const target = (roles: string[], changes: Partial<NonNullable<WriteFacts['target']>> = {}) => ({
  ...{ id: 'target', username: 'tess', isEnabled: true, roles: new Set(roles), isOnlyAdministrator: false },
  ...changes,
})
const facts = (changes: Partial<WriteFacts>): WriteFacts => ({
  ...{ permission: 'users.write', caller: caller(['realm:admin']), target: target([]), isForOneself: false },
  ...changes,
})

const admin = caller(['realm:admin'])
const helper = caller(['realm:user-admin', 'realm:customer'])

type Row = [what: string, rule: Rule | undefined, facts: Partial<WriteFacts>]
const ROWS: Row[] = [
  ['an administrator changes a customer', undefined, { target: target(['realm:customer']) }],
  ['an administrator changes another one', undefined, { target: target(['realm:admin']) }],
  ['a helper changes a customer', undefined, { caller: helper, target: target(['realm:customer']) }],
  ['a helper changes another helper', undefined, { caller: helper, target: target(['realm:user-admin']) }],
  ['somebody without any role changes a customer', 'permission', { caller: caller([]) }],
  ['an auditor changes a customer', 'permission', { caller: caller(['realm:auditor']) }],
  ['a helper deletes a customer', 'permission', { caller: helper, permission: 'users.delete' }],
  ['the same role of a client changes a customer', 'permission', { caller: caller(['client:shop:admin']) }],
  ['a look-alike of the role changes a customer', 'permission', { caller: caller(['realm:Admin', 'realm:аdmin']) }],
  ['an administrator who has just been disabled', 'disabled-caller', { caller: { ...admin, isEnabled: false } }],
  [
    'an administrator changes a service account',
    'service-account',
    { target: target([], { username: 'service-account-x' }) },
  ],
  ['in capital letters too', 'service-account', { target: target([], { username: 'SERVICE-ACCOUNT-x' }) }],
  [
    'an administrator changes who holds a role of realm management',
    'realm-management',
    { target: target(['client:realm-management:view-users']) },
  ],
  ['an administrator changes themselves', 'oneself', { target: target(['realm:admin'], { id: 'caller' }) }],
  [
    'an administrator corrects the own name',
    undefined,
    { target: target(['realm:admin'], { id: 'caller' }), isForOneself: true },
  ],
  ['a helper changes an administrator', 'higher-rank', { caller: helper, target: target(['realm:admin']) }],
  ['a helper changes an auditor', 'higher-rank', { caller: helper, target: target(['realm:auditor']) }],
  ['an administrator gives any role', undefined, { grants: ['realm:new', 'client:shop:read'] }],
  [
    'an administrator gives a role of realm management',
    'grants-realm-management',
    { grants: ['client:realm-management:x'] },
  ],
  ['a helper gives a role they hold', undefined, { caller: helper, grants: ['realm:customer'] }],
  ['a helper gives a role they lack', 'grants-role', { caller: helper, grants: ['realm:customer', 'realm:gold'] }],
  ['a helper gives the role of administrators', 'grants-permission', { caller: helper, grants: ['realm:admin'] }],
  [
    'a helper who holds it by the token only gives it',
    'grants-permission',
    { caller: { ...helper, roles: new Set(['realm:admin']) }, grants: ['realm:admin'] },
  ],
  [
    'a helper takes realm management along in a composite',
    'grants-realm-management',
    { caller: helper, grants: ['realm:customer', 'client:realm-management:manage-users'] },
  ],
  [
    'the last administrator is deleted',
    'last-administrator',
    { target: target(['realm:admin'], { isOnlyAdministrator: true }), takes: 'everything' },
  ],
  [
    'the last administrator loses the role',
    'last-administrator',
    { target: target(['realm:admin'], { isOnlyAdministrator: true }), takes: ['realm:admin'] },
  ],
  [
    'the last administrator loses another role',
    undefined,
    { target: target(['realm:admin'], { isOnlyAdministrator: true }), takes: ['realm:customer'] },
  ],
  [
    'a helper opens routes to somebody that are closed to the helper',
    'grants-group',
    { caller: helper, opensMore: true },
  ],
  ['an administrator does', undefined, { opensMore: true }],
  ['an administrator creates somebody', undefined, { target: undefined }],
  [
    'a helper creates somebody where everybody is an administrator',
    'grants-permission',
    { caller: helper, target: undefined, grants: ['realm:admin'] },
  ],
].map((row) => row as Row)

describe('Whether a write is allowed', () => {
  for (const [what, rule, changes] of ROWS)
    it(`${rule === undefined ? 'yes' : `no (${rule})`}: ${what}`, () => {
      const { target: concerned, ...rest } = facts(changes)
      expect(judgeWrite({ ...rest, ...(concerned === undefined ? {} : { target: concerned }) })).to.equal(rule)
    })

  it('each permission is asked for by its own name', () => {
    const all = permissionsOfRoles(['realm:admin'])
    for (const permission of all) {
      const others = new Set<Permission>([...all].filter((one) => one !== permission))
      expect(judgeWrite(facts({ permission, caller: { ...admin, permissions: others } })), permission).to.equal(
        'permission',
      )
    }
  })
})
