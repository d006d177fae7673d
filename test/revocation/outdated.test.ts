import { expect } from 'chai'
import { outdatedByAdmins, outdatedByPeople } from '../../src/revocation/outdated.ts'

const byAdmin = (operation: string, ...paths: string[]) => {
  const events = paths.map((path, at) => ({ id: `${at}`, time: 0, operation, resourceType: 'USER', path }))
  const { people, ...more } = outdatedByAdmins(events)
  return { people: [...people], ...more }
}
const ROWS: [path: string, people: string[], groups: boolean, roles: boolean, clients?: true][] = [
  ['users/alice', ['alice'], false, false],
  ['users/alice/role-mappings/realm', ['alice'], false, false],
  ['users/alice/groups/staff', ['alice'], false, false],
  ['users/alice/reset-password', ['alice'], false, false],
  ['groups/staff', [], true, true],
  ['groups/staff/children', [], true, false],
  ['groups/staff/role-mappings/realm', [], true, true],
  ['roles/editor', [], false, true],
  ['roles-by-id/4711/composites', [], false, true],
  ['clients/4711/roles/reader', [], false, true, true],
  ['clients/4711', [], true, true, true],
  ['clients/4711/client-secret', [], false, false, true],
  ['clients/4711/optional-client-scopes/x', [], false, false, true],
  ['', [], true, true, true],
  ['events/config', [], false, false],
  ['sessions/4711', [], false, false],
]

describe('What an event makes outdated', () => {
  for (const [path, people, groups, roles, clients = false] of ROWS)
    it(`a change of ${path === '' ? 'the realm' : path}`, () => {
      for (const operation of ['CREATE', 'UPDATE', 'DELETE', 'ACTION'])
        expect(byAdmin(operation, path)).to.deep.equal({ people, groups, roles, clients })
    })

  it('several changes together', () => {
    expect(byAdmin('UPDATE', 'users/a', 'users/b', 'users/a/groups/x', 'roles/y')).to.deep.equal({
      people: ['a', 'b'],
      groups: false,
      roles: true,
      clients: false,
    })
  })

  it('what people do themselves, where it changes how they are shown', () => {
    const event = (type: string, userId?: string) => ({ id: type, time: 0, type, userId, sessionId: undefined })
    const { people } = outdatedByPeople([
      ...['UPDATE_PROFILE', 'UPDATE_EMAIL', 'VERIFY_EMAIL', 'REGISTER', 'DELETE_ACCOUNT'].map((type) =>
        event(type, type),
      ),
      event('LOGOUT', 'nobody'),
      event('UPDATE_PROFILE'),
    ])
    expect([...people]).to.deep.equal(['UPDATE_PROFILE', 'UPDATE_EMAIL', 'VERIFY_EMAIL', 'REGISTER', 'DELETE_ACCOUNT'])
  })
})
