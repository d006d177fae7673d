import { expect } from 'chai'
import { createHttpKeycloakRoles } from '../../../../src/platform/keycloak/roles/http-keycloak-roles.ts'
import type { GroupsToCome } from '../../../../src/platform/keycloak/roles/keycloak-roles.ts'
import { cannedKeycloak, config, startAdmin } from '../canned-keycloak.ts'

const admin = { id: 'r1', name: 'admin', composite: false, clientRole: false, containerId: 'demo' }
const chief = { id: 'r2', name: 'chief', composite: true, clientRole: false, containerId: 'demo' }
const person = (username: string, enabled = true) => ({ id: username, username, enabled })

function start() {
  const parts = {
    ...{ config, guard: startAdmin().guard },
    token: { get: async () => 'the-admin-token', forget: () => undefined },
  }
  return createHttpKeycloakRoles(parts, parts)
}

describe('Whether a role is still held after a change of groups, by the admin API', () => {
  const keycloak = cannedKeycloak()

  /** Group top gives admin, group below it has eve in it, group also gives chief, which contains admin. */
  function prepare({ direct = [person('out', false), person('service-account-robot')], also = [] as object[] } = {}) {
    const api = keycloak.admin()
    api.get('/roles').query({ first: 0, max: 1 }).reply(200, [admin])
    api
      .get('/clients/')
      .query({ clientId: 'realm-management' })
      .reply(200, [{ id: 'c', clientId: 'realm-management' }])
    api.get('/roles').query(true).optionally().reply(200, [admin, chief])
    api.get('/roles/admin').reply(200, admin)
    api.get('/roles-by-id/r2/composites').optionally().reply(200, [admin])
    const page = { first: 0, max: 100 }
    api.get('/roles/admin/users').query(page).reply(200, direct)
    api.get('/roles/chief/users').query(page).optionally().reply(200, [])
    api
      .get('/roles/admin/groups')
      .query(page)
      .optionally()
      .reply(200, [{ id: 'top' }])
    api
      .get('/roles/chief/groups')
      .query(page)
      .optionally()
      .reply(200, [{ id: 'also' }])
    const rooms: [id: string, members: object[], below: string[]][] = [
      ['top', [], ['below']],
      ['below', [person('eve')], []],
      ['also', also, []],
    ]
    for (const [id, members, below] of rooms) {
      api.get(`/groups/${id}/members`).query(page).optionally().reply(200, members)
      api
        .get(`/groups/${id}/children`)
        .query(page)
        .optionally()
        .reply(
          200,
          below.map((one) => ({ id: one })),
        )
    }
  }
  const held = (toCome: GroupsToCome) => start().isStillHeld('realm:admin', toCome)

  it('by somebody in a group below one that gives it', async () => {
    prepare()
    expect(await held({})).to.equal(true)
  })

  it('not when that group is no longer below it', async () => {
    prepare()
    expect(await held({ isCutOff: (id) => id === 'below' })).to.equal(false)
  })

  it('not when the group above no longer gives it', async () => {
    prepare()
    expect(await held({ givesNoMore: (id, role) => id === 'top' && role === 'admin' })).to.equal(false)
  })

  it('when another role that contains it is given by another group', async () => {
    prepare({ also: [person('joe')] })
    expect(await held({ isCutOff: () => true, givesNoMore: (id) => id === 'top' })).to.equal(true)
  })

  it('not when that group goes too', async () => {
    prepare({ also: [person('joe')] })
    expect(await held({ isCutOff: () => true, givesNoMore: () => true })).to.equal(false)
  })

  it('by whoever has it directly, whatever becomes of groups', async () => {
    prepare({ direct: [person('ada')] })
    expect(await held({ isCutOff: () => true, givesNoMore: () => true })).to.equal(true)
  })
})
