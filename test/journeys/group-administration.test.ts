import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { apiByToken } from './world/api-by-token.ts'
import { arrive, ask, type PageAnswer } from './world/arrive.ts'
import { realmWithTool, toolToken } from './world/clients-desk.ts'
import { ada, eventually, fetchInPage, onBothProviders, type World } from './world/world.ts'

const GROUPS = '/api/v1/admin/groups'
/** Nobody gave her anything yet. */
const nina = { username: 'nina', password: 'ninas-demo-pw' }

type Ask = (method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<PageAnswer>

/** Calls the administration with a token of ada, who administers. */
async function deskByToken(world: World): Promise<Ask> {
  const call = apiByToken(world.gateway.url, await toolToken(world, ada))
  return async (...asked) => {
    const { status, body } = await call(...asked)
    return { status, data: body.data, error: body.error }
  }
}
/** The same from a page of ada. */
async function deskInBrowser(world: World): Promise<Ask> {
  const page = await arrive(world, ada)
  return (method, path, body) => ask(page, method, path, body)
}

async function made(ask: Ask, name: string, parentId: string | null = null): Promise<string> {
  const { status, data, error } = await ask('POST', GROUPS, { name, parentId })
  expect(status, JSON.stringify(error)).to.equal(201)
  return data.group.id
}
async function idOf(ask: Ask, username: string): Promise<string> {
  return (await ask('GET', `/api/v1/admin/users?username=${username}&exact=true`)).data.users[0].id
}
const orders = async (page: Page) => (await fetchInPage(page, '/api/orders')).status
const problem = ({ status, error }: PageAnswer) => `${status} ${error?.details?.rule ?? error?.code}`

onBothProviders('An administrator looks after groups', (start) => {
  it('makes them, fills them, gives them roles, moves and deletes them, and members feel it at once', async () => {
    const world = await start()
    const ask = await deskInBrowser(world)
    const id = await world.admin.createUser(world.realm, { ...nina, roles: [] })

    const team = await made(ask, 'Tëam ☂ 山田')
    const night = await made(ask, 'night', team)
    const place = await made(ask, 'place')
    expect((await ask('PUT', `${GROUPS}/${night}/members/${id}`)).data).to.deep.equal({ user: id, group: night })
    const { members, more } = (await ask('GET', `${GROUPS}/${night}/members`)).data
    expect([members[0].username, members.length, more]).to.deep.equal(['nina', 1, false])

    const page = await arrive(world, nina)
    expect(await orders(page), 'without a role').to.equal(403)

    const given = await ask('POST', `${GROUPS}/${team}/roles`, {
      roles: ['realm:customer', 'client:orders-api:orders.read'],
    })
    expect(given.status, JSON.stringify(given.error)).to.equal(200)
    const keys = (rows: { role: string }[]) => rows.map(({ role }) => role)
    expect(keys(given.data.direct)).to.deep.equal(['client:orders-api:orders.read', 'realm:customer'])
    expect(await orders(page), 'through the group above').to.equal(200)

    const moved = await ask('PUT', `${GROUPS}/${night}/parent`, { parentId: place })
    expect(moved.data.group, JSON.stringify(moved.error)).to.include({ path: '/place/night', parentId: place })
    expect(await orders(page), 'moved away').to.equal(403)
    await ask('PUT', `${GROUPS}/${night}/parent`, { parentId: team })
    const taken = await ask('DELETE', `${GROUPS}/${team}/roles`, { roles: ['realm:customer'] })
    expect(keys(taken.data.direct)).to.deep.equal(['client:orders-api:orders.read'])
    expect(await orders(page), 'taken').to.equal(403)

    const full = await ask('DELETE', `${GROUPS}/${team}`)
    expect(problem(full)).to.equal('409 GROUP_NOT_EMPTY')
    expect(full.error.details.subGroups).to.deep.equal({ count: 1, names: ['night'] })
    expect((await ask('DELETE', `${GROUPS}/${team}?withContents=true`)).data.deleted).to.deep.equal({ groups: 2 })
    expect(problem(await ask('GET', `${GROUPS}/${night}`))).to.equal('404 GROUP_NOT_FOUND')
    expect((await ask('GET', `/api/v1/admin/users/${id}/groups`)).data.groups).to.deep.equal([])
    const audit = await eventually(
      async () => (await ask('GET', '/api/v1/admin/audit?action=group.delete&outcome=ok')).data.events,
      ({ length }) => length === 1,
    )
    expect(JSON.stringify(audit)).to.contain('Tëam ☂ 山田')
  })

  it('is told of the change of another one, and kept from what Keycloak would let break', async () => {
    const world = await start(realmWithTool())
    const ask = await deskByToken(world)
    const [top, other] = [await made(ask, 'top'), await made(ask, 'other')]
    const below = await made(ask, 'below', top)
    const { group } = (await ask('GET', `${GROUPS}/${top}`)).data
    const described = await ask('PATCH', `${GROUPS}/${top}`, {
      description: 'First',
      attributes: { floor: ['3'] },
      version: group.version,
    })
    expect(described.data.group).to.deep.include({ name: 'top', description: 'First', attributes: { floor: ['3'] } })
    const late = await ask('PATCH', `${GROUPS}/${top}`, { name: 'mine' }, { 'If-Match': `"${group.version}"` })
    expect(late.error.details.changed.map(({ field }: { field: string }) => field)).to.deep.equal([
      'description',
      'attributes',
    ])
    const renamed = await ask('PATCH', `${GROUPS}/${top}`, { name: 'mine', version: late.error.details.version })
    expect(renamed.data.group).to.deep.include({ name: 'mine', description: 'First', attributes: { floor: ['3'] } })
    expect((await ask('GET', `${GROUPS}/${below}`)).data.group.path).to.equal('/mine/below')

    const long = 'é'.repeat(255)
    expect(
      (await ask('PATCH', `${GROUPS}/${below}`, { name: long, description: long, attributes: { [long]: [long] } }))
        .status,
    ).to.equal(200)
    await ask('PATCH', `${GROUPS}/${below}`, { name: 'below' })
    expect(problem(await ask('POST', GROUPS, { name: 'mine/below' }))).to.equal('400 INVALID_REQUEST')
    expect(problem(await ask('POST', GROUPS, { name: 'below', parentId: top }))).to.equal('409 GROUP_EXISTS')
    const loop = await ask('PUT', `${GROUPS}/${top}/parent`, { parentId: below })
    expect(problem(loop)).to.equal('409 GROUP_LOOP')
    expect(loop.error.details).to.deep.equal({ group: '/mine', parent: '/mine/below' })
    const races = [
      [top, other],
      [other, below],
    ].map(([id, parentId]) => ask('PUT', `${GROUPS}/${id}/parent`, { parentId }))
    expect((await Promise.all(races)).map(({ status }) => status).sort()).to.deep.equal([200, 409])

    const foreign = await world.admin.call('POST', '/master/groups', { name: world.realm })
    const strange = foreign.headers.get('location')?.split('/').at(-1) ?? ''
    for (const [method, path, body] of [
      ['GET', `/${strange}`],
      ['PATCH', `/${strange}`, { name: 'x' }],
      ['PUT', `/${other}/parent`, { parentId: strange }],
    ] as const)
      expect(problem(await ask(method, GROUPS + path, body)), `${method} ${path}`).to.equal('404 GROUP_NOT_FOUND')
    await world.admin.call('DELETE', `/master/groups/${strange}`)

    const management = { roles: ['client:realm-management:manage-users'] }
    expect(problem(await ask('POST', `${GROUPS}/${other}/roles`, management))).to.equal('403 grants-realm-management')
    const adas = await idOf(ask, 'ada')
    expect(problem(await ask('PUT', `${GROUPS}/${other}/members/${adas}`))).to.equal('403 oneself')
    await world.admin.call('PUT', `/${world.realm}/users/${adas}/groups/${other}`)
    await world.admin.call('POST', `/${world.realm}/roles`, { name: 'gold' })
    expect(problem(await ask('POST', `${GROUPS}/${other}/roles`, { roles: ['realm:gold'] }))).to.equal(
      '403 oneself-by-group',
    )
  })
})
