import { expect } from 'chai'
import { toGroupView, toUserView } from '../../../../src/platform/keycloak/people/views.ts'

describe('What is shown of Keycloak', () => {
  it('of a user: named members only, whatever else there is', () => {
    const shown = toUserView({ id: 'u', username: 'ada', credentials: ['x'], attributes: {} } as never)
    expect(shown).to.deep.equal({
      id: 'u',
      username: 'ada',
      email: null,
      emailVerified: false,
      firstName: null,
      lastName: null,
      enabled: false,
      createdAt: null,
    })
  })

  it('of a group: its name and path, and the groups below it', () => {
    const shown = toGroupView({ id: 'g', name: 'a', path: '/a', access: {}, subGroups: [{ id: 'h' }] } as never)
    const below = { id: 'h', name: '', path: '', subGroups: [] }
    expect(shown).to.deep.equal({ id: 'g', name: 'a', path: '/a', subGroups: [below] })
  })
})
