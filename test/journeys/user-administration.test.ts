import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { arrive, ask } from './world/arrive.ts'
import { ada, eventually, fetchInPage, onBothProviders, signIn, type World } from './world/world.ts'

const USERS = '/api/v1/admin/users'

const orders = async (page: Page) => (await fetchInPage(page, '/api/orders')).status
const carol = { username: 'carol', password: 'carols-demo-pw' }
const asCarol = {
  username: 'carol',
  email: 'carol@example.com',
  firstName: 'Çárol',
  lastName: '山田',
  emailVerified: true,
}

onBothProviders('An administrator looks after users', (start) => {
  it('creates one, gives a role, and whom they disable is out at once', async () => {
    const world = await start()
    const desk = await arrive(world, ada)
    const made = await ask(desk, 'POST', USERS, { ...asCarol, password: carol.password, temporary: false })
    expect(made.status, JSON.stringify(made.error)).to.equal(201)
    expect(made.data.user).to.deep.include({ ...asCarol, enabled: true, requiredActions: [], attributes: {} })
    const path = `${USERS}/${made.data.user.id}`

    const page = await arrive(world, carol)
    expect(await orders(page)).to.equal(403)
    const given = await ask(desk, 'POST', `${path}/roles`, {
      roles: ['realm:customer', 'client:orders-api:orders.read'],
    })
    expect(given.status, JSON.stringify(given.error)).to.equal(200)
    const names = (rows: { role: string }[]) => rows.map(({ role }) => role)
    expect(names(given.data.direct)).to.include.members(['client:orders-api:orders.read', 'realm:customer'])
    expect(names(given.data.effective)).to.include.members(['realm:offline_access', 'client:account:manage-account'])
    expect(await orders(page), 'with the new role, at once').to.equal(200)

    const out = await ask(desk, 'POST', `${path}/disable`)
    expect(out.data.sessions).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect(await orders(page)).to.equal(401)
    await page.goto(`${world.gateway.url}/login?returnTo=/public/page`)
    await signIn(page, carol)
    await page.locator('#username').waitFor()
    expect(new URL(page.url()).origin, 'the password does not help').to.equal(world.provider.url)

    expect((await ask(desk, 'POST', `${path}/enable`)).data.user.enabled).to.equal(true)
    await signIn(page, carol)
    await page.waitForURL(`${world.gateway.url}/public/page`)
    expect(await orders(page)).to.equal(200)

    const reset = await ask(desk, 'PUT', `${path}/password`, { password: 'another-demo-pw', temporary: false })
    expect(reset.data.sessions.ended, JSON.stringify(reset.error)).to.equal(1)
    expect(await orders(page)).to.equal(401)
    expect(await ask(desk, 'DELETE', path)).to.deep.nested.include({ status: 200, 'data.mode': 'hard' })
    expect((await ask(desk, 'GET', path)).status).to.equal(404)
  })

  it('changes what was read, and the second of two who change the same is told what the first one did', async () => {
    const world = await start()
    const desk = await arrive(world, ada)
    const [{ id }] = (await ask(desk, 'GET', `${USERS}?username=alice&exact=true`)).data.users
    const path = `${USERS}/${id}`
    const { user } = (await ask(desk, 'GET', path)).data

    const { credentials } = (await ask(desk, 'GET', `${path}/credentials`)).data
    expect(credentials.map(({ type }: { type: string }) => type)).to.deep.equal(['password'])
    expect(Date.now() - Date.parse(credentials[0].createdAt)).to.be.within(-60_000, 3_600_000)

    const first = await ask(desk, 'PATCH', path, { lastName: 'Pleasance', version: user.version })
    expect(first.data.user).to.include({ firstName: 'Alice', lastName: 'Pleasance', email: 'alice@example.com' })
    const second = await ask(desk, 'PATCH', path, { firstName: 'Alicia', version: user.version })
    expect(second.error).to.deep.include({ code: 'VERSION_CONFLICT' })
    expect(second.error.details.changed).to.deep.equal([{ field: 'lastName', now: 'Pleasance' }])
    const again = await ask(desk, 'PATCH', path, { firstName: 'Alicia', version: second.error.details.version })
    expect(again.data.user).to.include({ firstName: 'Alicia', lastName: 'Pleasance', emailVerified: true })

    const moved = await ask(desk, 'PATCH', path, { email: 'alicia@example.com' })
    expect(moved.data.user).to.include({ email: 'alicia@example.com', emailVerified: false, firstName: 'Alicia' })
    expect((await ask(desk, 'PATCH', path, { lastName: null })).data.user).to.include({ lastName: null })
    expect((await ask(desk, 'PATCH', path, { email: 'bob@example.com' })).error.code).to.equal('ACCOUNT_TAKEN')
    const strange = await ask(desk, 'PATCH', path, { attributes: { shoeSize: ['42'] } })
    expect(strange.error.details.fields).to.deep.equal([
      { field: 'attributes.shoeSize', problem: 'is not in the user profile of the realm' },
    ])
    expect((await ask(desk, 'GET', path)).data.user).to.include({ email: 'alicia@example.com', firstName: 'Alicia' })
  })

  it('is kept from what would give or cost too much', async () => {
    const world = await start()
    const desk = await arrive(world, ada)
    const find = async (name: string) =>
      (await ask(desk, 'GET', `${USERS}?username=${name}&exact=true`)).data.users[0].id
    const [alicesId, adasId, robot] = [
      await find('alice'),
      await find('ada'),
      await find('service-account-cloakroom-admin'),
    ]
    const rule = async (method: string, path: string, body?: object) =>
      (await ask(desk, method, USERS + path, body)).error?.details.rule ?? 'allowed'

    const management = { roles: ['client:realm-management:manage-users'] }
    expect(await rule('POST', `/${alicesId}/roles`, management)).to.equal('grants-realm-management')
    expect(await rule('DELETE', `/${robot}`)).to.equal('service-account')
    expect(await rule('PUT', `/${robot}/password`, { password: 'taken-over-now' })).to.equal('service-account')
    for (const [method, below, body] of [
      ['POST', '/disable'],
      ['DELETE', ''],
      ['PUT', '/password', { password: 'taken-over-now' }],
      ['POST', '/roles', { roles: ['client:orders-api:orders.read'] }],
      ['DELETE', '/roles', { roles: ['realm:admin'] }],
    ] as const)
      expect(await rule(method, `/${adasId}${below}`, body), `${method} ${below}`).to.equal('oneself')

    await giveManagementThroughGroup(world, alicesId)
    expect(await rule('PUT', `/${alicesId}/password`, { password: 'taken-over-now' })).to.equal('realm-management')
    const refused = () => ask(desk, 'GET', '/api/v1/admin/audit?action=user.reset-password&outcome=refused')
    await eventually(refused, ({ data }) => data.events.length === 3)
  })
})

/** By a role that contains it, given to the group above the one alice is put into. */
async function giveManagementThroughGroup({ admin, realm }: World, userId: string): Promise<void> {
  const read = async (path: string) => (await admin.call('GET', `/${realm}${path}`)).json() as Promise<{ id: string }[]>
  const [client] = await read('/clients?clientId=realm-management')
  const roles = await read(`/clients/${client?.id}/roles`)
  const manage = roles.filter((role) => 'name' in role && role.name === 'manage-users')
  const [staff] = await read('/groups?search=staff&exact=true')
  const [support] = await read(`/groups/${staff?.id}/children`)
  await admin.call('POST', `/${realm}/roles/customer/composites`, manage)
  const customer = await (await admin.call('GET', `/${realm}/roles/customer`)).json()
  await admin.call('POST', `/${realm}/groups/${staff?.id}/role-mappings/realm`, [customer])
  await admin.call('PUT', `/${realm}/users/${userId}/groups/${support?.id}`)
}
