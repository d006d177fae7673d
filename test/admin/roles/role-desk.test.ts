import { expect } from 'chai'
import { versionedRole } from '../../../src/admin/roles/versioned-role.ts'
import type { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { BARE, openShop, told } from './role-shop.ts'

describe('The desk for roles', () => {
  it('makes a role with the roles in it, and writes down what it is', async () => {
    const { change, realm, as, trail, renewals } = openShop()
    const made = await change.create(as('ada'), {
      ...{ ...BARE, name: 'Kassen/Küche', description: 'd', attributes: { a: ['1'] } },
      composites: ['realm:till', 'client:shop:read'],
    })
    expect(made).to.include({ key: 'realm:Kassen/Küche', description: 'd', client: null })
    expect(realm.inside('realm:Kassen/Küche')).to.deep.equal(['client:shop:read', 'realm:till'])
    expect(trail.map(({ outcome }) => outcome)).to.deep.equal(['intended', 'ok'])
    expect(JSON.parse(trail[0]?.after ?? '')).to.deep.include({ composites: ['client:shop:read', 'realm:till'] })
    expect(renewals, 'nobody holds it yet').to.deep.equal([])
  })

  it('undoes a role whose parts cannot be put in, before the answer is lost and after', async () => {
    for (const after of [false, true]) {
      const { change, realm, as, trail } = openShop()
      const before = realm.keys()
      realm.fail('add', { after })
      const wanted = { ...BARE, name: 'new', composites: ['realm:till'] }
      expect(await told(change.create(as('ada'), wanted))).to.equal('KEYCLOAK_UNAVAILABLE')
      expect(realm.keys()).to.deep.equal(before)
      expect(trail.map(({ outcome }) => outcome)).to.deep.equal(['intended', 'failed'])
    }
  })

  it('says so where it cannot undo', async () => {
    const { change, realm, as } = openShop()
    realm.fail('add')
    realm.fail('remove')
    const wanted = { ...BARE, name: 'new', composites: ['realm:till'] }
    expect(await told(change.create(as('ada'), wanted))).to.equal('CHANGE_INCOMPLETE')
  })

  it('changes what is named, and tells the second of two what the first one did', async () => {
    const { change, read, realm, as, renewals } = openShop()
    const id = realm.idOf('realm:till')
    const { version } = versionedRole(await read.one(id))
    expect(await change.change(as('ada'), id, { description: 'first' }, version)).to.include({ description: 'first' })
    const second = await change
      .change(as('ada'), id, { attributes: { a: ['1'] } }, version)
      .catch((e: GatewayError) => e)
    expect(second).to.include({ code: 'VERSION_CONFLICT' })
    expect((second as GatewayError).details.changed).to.deep.equal([{ field: 'description', now: 'first' }])
    expect(renewals).to.deep.equal([])
    expect(await change.change(as('ada'), id, { name: 'Kasse' }, undefined)).to.include({ key: 'realm:Kasse' })
    expect(renewals, 'a name is what policies go by').to.have.length(1)
    expect(await told(change.change(as('ada'), id, { name: 'gold' }, undefined))).to.equal('ROLE_EXISTS')
  })

  it('refuses loops of any length with the chain, before anything is written', async () => {
    const { compose, realm, as } = openShop()
    const add = (to: string, part: string) => compose.add(as('ada'), realm.idOf(to), [part], undefined)
    await add('realm:till', 'realm:gold')
    const before = [...realm.writes]
    for (const [to, part, ...chain] of [
      ['realm:till', 'realm:till', 'realm:till', 'realm:till'],
      ['realm:gold', 'realm:till', 'realm:gold', 'realm:till', 'realm:gold'],
      ['realm:customer', 'realm:till', 'realm:customer', 'realm:till', 'realm:gold', 'realm:customer'],
    ] as const) {
      const error = await add(to, part).catch((e: GatewayError) => e)
      expect(error).to.include({ code: 'ROLE_LOOP' })
      expect((error as GatewayError).details).to.deep.equal({ chain })
    }
    expect(realm.writes).to.deep.equal(before)
  })

  it('looks past loops that Keycloak has let in', async () => {
    const { compose, realm, as } = openShop()
    const [till, gold] = [realm.idOf('realm:till'), realm.idOf('realm:gold')]
    await realm.catalogue.add(await realm.catalogue.read(till), [await realm.catalogue.read(gold)])
    await realm.catalogue.add(await realm.catalogue.read(gold), [await realm.catalogue.read(till)])
    const made = await compose.add(as('ada'), realm.idOf('client:shop:write'), ['realm:gold'], undefined)
    expect(made.composites.map(({ key }) => key)).to.deep.equal(['realm:gold'])
    await compose.take(as('ada'), gold, ['realm:till'], undefined)
    expect(realm.inside('realm:gold')).to.deep.equal(['realm:customer'])
  })

  it('lets everybody renew when what holders may do has changed, and not when nothing has', async () => {
    const { compose, realm, as, renewals, forgotten, state } = openShop()
    const till = realm.idOf('realm:till')
    await compose.add(as('ada'), till, ['realm:gold'], undefined)
    await compose.add(as('ada'), till, ['realm:gold'], undefined)
    await compose.take(as('ada'), till, ['realm:customer'], undefined)
    expect(renewals).to.have.length(1)
    state.renewalWorks = false
    await compose.take(as('ada'), till, ['realm:gold'], undefined)
    expect(realm.inside('realm:till')).to.deep.equal([])
    expect(forgotten).to.have.length(4)
  })

  it('deletes what is in use only when a full administrator insists, and says where it was', async () => {
    const { change, realm, as, trail } = openShop()
    const usage = async (key: string) => {
      const error = await change
        .remove(as('ada'), realm.idOf(key), { force: false, version: undefined })
        .catch((e: GatewayError) => e)
      expect(error, key).to.include({ code: 'ROLE_IN_USE' })
      return (error as GatewayError).details.usedBy
    }
    const none = { users: 0, moreUsers: false, groups: [], roles: [], clientScopes: [], clients: [], routes: [] }
    const customer = { ...none, users: 3, roles: ['realm:gold'], routes: ['orders'] }
    expect(await usage('realm:customer')).to.deep.equal(customer)
    expect(await usage('client:shop:write')).to.deep.equal({ ...none, clientScopes: ['shop.write'] })
    const force = { force: true, version: undefined }
    expect(await change.remove(as('ada'), realm.idOf('realm:customer'), force)).to.deep.equal({ usedBy: customer })
    expect(realm.heldBy('ann').size).to.equal(0)
    expect(JSON.parse(trail.at(-2)?.after ?? '')).to.deep.equal({ usedBy: customer })
    const writer = as('service-account-writer', ['admin:roles.write'])
    expect(await told(change.remove(writer, realm.idOf('client:shop:write'), force))).to.contain('permission')
    expect(await told(change.remove(writer, realm.idOf('realm:till'), force))).to.equal('done')
  })

  it('writes nothing where no account for it is configured, or the trail is away', async () => {
    const { change, compose, realm, as, state } = openShop()
    realm.state.writesRealm = false
    const till = realm.idOf('realm:till')
    expect(await told(change.create(as('ada'), { ...BARE, name: 'x' }))).to.equal('KEYCLOAK_REQUIRED')
    expect(await told(compose.add(as('ada'), till, ['realm:gold'], undefined))).to.equal('KEYCLOAK_REQUIRED')
    const ofShop = { ...BARE, client: 'shop', name: 'x' }
    expect(await told(change.create(as('ada'), ofShop))).to.equal('done')
    realm.state.writesRealm = true
    state.auditWorks = false
    expect(await told(change.change(as('ada'), till, { description: 'x' }, undefined))).to.equal('AUDIT_UNAVAILABLE')
    expect(realm.writes).to.deep.equal(['create client:shop:x'])
  })
})
