import { expect } from 'chai'
import { arrive, ask, atLoginForm } from './world/arrive.ts'
import { ada, alice, bob, eventually, fetchInPage, onBothProviders, signIn, type World } from './world/world.ts'

const ADMIN = '/api/v1/admin'

async function idOf({ admin, realm }: World, username: string): Promise<string> {
  const found = await admin.call('GET', `/${realm}/users?username=${username}&exact=true`)
  return ((await found.json()) as { id: string }[])[0]?.id ?? ''
}

/** A role of the realm that nobody has yet, given to somebody. */
async function giveNewRole(world: World, name: string, username: string): Promise<void> {
  const { admin, realm } = world
  await admin.call('POST', `/${realm}/roles`, { name })
  const role = await (await admin.call('GET', `/${realm}/roles/${name}`)).json()
  await admin.call('POST', `/${realm}/users/${await idOf(world, username)}/role-mappings/realm`, [role])
}

onBothProviders('Somebody with a finer role', (start) => {
  it('helps users, and comes neither near administrators nor to more rights', async () => {
    const world = await start()
    await giveNewRole(world, 'user-admin', 'bob')
    const desk = await arrive(world, bob)
    const [alicesId, adasId, bobsId] = [await idOf(world, 'alice'), await idOf(world, 'ada'), await idOf(world, 'bob')]
    const rule = async (method: string, path: string, body?: object) =>
      (await ask(desk, method, `${ADMIN}/users/${path}`, body)).error?.details.rule ?? 'allowed'
    const password = { password: 'taken-over-now' }

    expect((await ask(desk, 'PATCH', `${ADMIN}/users/${alicesId}`, { lastName: 'Pleasance' })).status).to.equal(200)
    expect(await rule('PUT', `${adasId}/password`, password)).to.equal('higher-rank')
    expect(await rule('PATCH', adasId, { email: 'mine@example.com' })).to.equal('higher-rank')
    expect(await rule('POST', `${alicesId}/roles`, { roles: ['realm:admin'] })).to.equal('grants-permission')
    expect(await rule('POST', `${alicesId}/roles`, { roles: ['client:orders-api:orders.write'] })).to.equal(
      'grants-role',
    )
    expect(await rule('POST', `${bobsId}/roles`, { roles: ['realm:user-admin'] })).to.equal('oneself')
    expect(await rule('DELETE', `${adasId}/sessions`)).to.equal('higher-rank')
    expect(await rule('DELETE', `${alicesId}/sessions`)).to.equal('allowed')
    expect((await ask(desk, 'DELETE', `${ADMIN}/users/${alicesId}`)).status).to.equal(403)
    for (const path of [`${ADMIN}/audit`, '/cache/info', '/api/v1/clients', '/api/v1/monitoring/metrics'])
      expect((await fetchInPage(desk, path)).status, path).to.equal(403)
  })
})

onBothProviders('Somebody who typed the password wrong too often', (start) => {
  it('is locked, which an administrator sees and lifts', async () => {
    const world = await start()
    const desk = await arrive(world, ada)
    const path = `${ADMIN}/users/${await idOf(world, 'alice')}/lock`
    const page = await atLoginForm(world)
    const lock = async () => (await ask(desk, 'GET', path)).data.lock
    for (let failures = 0; !(await lock()).locked; failures++) {
      expect(failures).to.be.lessThan(8)
      await signIn(page, { ...alice, password: `wrong-${failures}` })
      await eventually(lock, (state) => state.failures > failures || state.locked)
    }
    expect((await lock()).until).to.match(/^\d{4}-/)
    const lifted = await ask(desk, 'DELETE', path)
    expect(lifted.data.lock).to.deep.include({ locked: false, until: null, failures: 0 })
    await signIn(page, alice)
    await page.waitForURL(`${world.gateway.url}/public/page`)
  })
})
