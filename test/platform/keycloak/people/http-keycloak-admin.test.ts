import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { showAdminKey } from '../../../../src/platform/keycloak/people/http-keycloak-admin.ts'
import { cannedKeycloak, startAdmin } from '../canned-keycloak.ts'

const ada = {
  id: 'u1',
  username: 'ada',
  email: 'ada@shop.test',
  emailVerified: true,
  firstName: 'Ada',
  lastName: 'Lovelace',
  enabled: true,
  createdTimestamp: 0,
  attributes: { salary: ['1'] },
  credentials: [{ type: 'password', secretData: 'canary' }],
}
const adaView = {
  id: 'u1',
  username: 'ada',
  email: 'ada@shop.test',
  emailVerified: true,
  firstName: 'Ada',
  lastName: 'Lovelace',
  enabled: true,
  createdAt: '1970-01-01T00:00:00.000Z',
}
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )

describe("Keycloak's admin API", () => {
  const keycloak = cannedKeycloak()

  it('is asked for users with search and paging, by our token, and only what is shown comes out', async () => {
    const query = { search: 'ada', first: 20, max: 5, briefRepresentation: true }
    keycloak
      .admin()
      .matchHeader('authorization', 'Bearer the-admin-token')
      .get('/users/')
      .query(query)
      .reply(200, [ada])
    const { admin } = startAdmin()
    expect(await admin.findUsers({ search: 'ada', first: 20, max: 5 })).to.deep.equal({ users: [adaView], total: 21 })
    expect(keycloak.left()).to.deep.equal([])
  })

  for (const [page, first, found] of [
    ['full', 0, 5],
    ['full and not the first', 20, 5],
    ['behind the last one', 20, 0],
  ] as const)
    it(`is asked how many there are where the page is ${page}`, async () => {
      keycloak.admin().get('/users/').query(true).reply(200, Array<typeof ada>(found).fill(ada))
      keycloak.admin().get('/users/count').query({ search: 'ada' }).reply(200, '17')
      const { admin } = startAdmin()
      expect((await admin.findUsers({ search: 'ada', first, max: 5 })).total).to.equal(17)
      expect(keycloak.left()).to.deep.equal([])
    })

  it('is not asked how many there are where nobody is', async () => {
    keycloak.admin().get('/users/').query(true).reply(200, [])
    const { admin } = startAdmin()
    expect((await admin.findUsers({ search: 'nobody', first: 0, max: 5 })).total).to.equal(0)
  })

  it('is asked for one user once, however many want to know, until the time is over', async () => {
    keycloak.admin().get('/users/u1').reply(200, ada)
    const { admin, clock } = startAdmin({ ttl: 300 })
    const asked = await Promise.all(Array.from({ length: 20 }, () => admin.user('u1')))
    expect(asked[19]).to.deep.equal({ ...adaView, attributes: { salary: ['1'] }, requiredActions: [] })
    clock.advance('299s')
    expect((await admin.user('u1')).username).to.equal('ada')
    clock.advance('1s')
    keycloak
      .admin()
      .get('/users/u1')
      .reply(200, { ...ada, enabled: false })
    expect((await admin.user('u1')).enabled).to.equal(false)
  })

  it('shows groups with what is below them, and remembers them by what was asked', async () => {
    const tree = [{ id: 'g1', name: 'staff', path: '/staff', subGroups: [{ id: 'g2', name: 'x', path: '/staff/x' }] }]
    keycloak.admin().get('/groups/').query(true).reply(200, tree)
    keycloak.admin().get('/groups/count').query(true).reply(200, { count: 1 })
    keycloak
      .admin()
      .get('/users/u1/groups')
      .reply(200, [{ id: 'g2', name: 'x', path: '/staff/x' }])
    const { admin } = startAdmin()
    const below = { id: 'g2', name: 'x', path: '/staff/x', subGroups: [] }
    const groups = [{ id: 'g1', name: 'staff', path: '/staff', subGroups: [below] }]
    for (let at = 0; at < 2; at++) expect(await admin.groups({ first: 0, max: 20 })).to.deep.equal({ groups, total: 1 })
    for (let at = 0; at < 2; at++) expect(await admin.groupsOfUser('u1')).to.deep.equal([below])
    expect(keycloak.left()).to.deep.equal([])
  })

  it('does not mix up answers for different questions', async () => {
    for (const search of ['a', 'b']) {
      keycloak
        .admin()
        .get('/groups/')
        .query((asked: { search?: unknown }) => asked.search === search)
        .reply(200, [{ id: search }])
      keycloak.admin().get('/groups/count').query(true).reply(200, { count: 1 })
    }
    const { admin } = startAdmin()
    for (const search of ['a', 'b'])
      expect((await admin.groups({ first: 0, max: 20, search })).groups[0]?.id).to.equal(search)
  })

  it('says that there is no such user, and looks again the next time', async () => {
    keycloak.admin().get('/users/nobody').reply(404, { error: 'User not found' })
    keycloak.admin().get('/users/nobody/groups').reply(404, { error: 'User not found' })
    keycloak.admin().get('/users/nobody').reply(200, ada)
    const { admin } = startAdmin()
    expect(await outcome(admin.user('nobody'))).to.equal('USER_NOT_FOUND')
    expect(await outcome(admin.groupsOfUser('nobody'))).to.equal('USER_NOT_FOUND')
    expect(await outcome(admin.user('nobody'))).to.equal('answered')
  })

  it('reads lists of users each time, and remembers each question for when Keycloak is away', async () => {
    const { admin, clock } = startAdmin({ ttl: 300 })
    for (const total of [1, 2]) {
      keycloak.admin().get('/users/').query(true).reply(200, Array<typeof ada>(total).fill(ada))
      expect((await admin.findUsers({ search: 'ada', enabled: true, first: 0, max: 5 })).total).to.equal(total)
    }
    clock.advance('1h')
    const known = { value: { users: [adaView, adaView], total: 2 }, ageMs: 3_600_000 }
    const { users } = admin.lastKnown
    expect(users({ max: 5, first: 0, enabled: true, search: 'ada', username: undefined })).to.deep.equal(known)
    for (const other of [{ search: 'ada' }, { search: 'ad', enabled: true }, { username: 'ada', enabled: true }])
      expect(users({ ...other, first: 0, max: 5 })).to.equal(undefined)
    expect(users({ search: 'ada', enabled: true, first: 5, max: 5 })).to.equal(undefined)
    clock.advance('6m')
    expect(users({ search: 'ada', enabled: true, first: 0, max: 5 }), 'too old').to.equal(undefined)
  })

  it('keeps what it knew of groups for when Keycloak is away', async () => {
    const { admin, clock } = startAdmin({ ttl: 300 })
    keycloak.admin().get('/groups/').query(true).reply(200, [])
    keycloak.admin().get('/groups/count').query(true).reply(200, { count: 0 })
    keycloak.admin().get('/users/u1/groups').reply(200, [])
    await Promise.all([admin.groups({ first: 0, max: 20 }), admin.groupsOfUser('u1')])
    clock.advance('10m')
    const { groups, groupsOfUser } = admin.lastKnown
    expect(groups({ first: 0, max: 20 })).to.deep.equal({ value: { groups: [], total: 0 }, ageMs: 600_000 })
    expect(groupsOfUser('u1')).to.deep.equal({ value: [], ageMs: 600_000 })
    expect([groups({ first: 20, max: 20 }), groupsOfUser('u2')]).to.deep.equal([undefined, undefined])
  })

  it('shows of what was asked no more than the page', () => {
    expect(showAdminKey('list 0 20 [["search","alice@example.com"]]')).to.equal('list 0 20')
    expect(showAdminKey('user 7ee03d9c')).to.equal('user 7ee03d9c')
  })

  it('asks once more with a new token when the old one is refused', async () => {
    keycloak.admin().matchHeader('authorization', 'Bearer the-admin-token').get('/users/u1').reply(401, {})
    keycloak.admin().matchHeader('authorization', 'Bearer the-admin-token-renewed').get('/users/u1').reply(200, ada)
    expect((await startAdmin().admin.user('u1')).id).to.equal('u1')
    expect(keycloak.left()).to.deep.equal([])
  })

  it('gives up when the new token is refused as well', async () => {
    keycloak.admin().get('/users/u1').times(2).reply(401, {})
    const { admin, guard } = startAdmin()
    expect(await outcome(admin.user('u1'))).to.equal('KEYCLOAK_REFUSED')
    expect(keycloak.left()).to.deep.equal([])
    expect(guard.state().failures).to.equal(0)
  })
})
