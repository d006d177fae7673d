import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { arrive, ask } from './world/arrive.ts'
import { ada, alice, bob, eventually, fetchInPage, onBothProviders, type World } from './world/world.ts'

const OWN = '/api/v1/users/me/sessions'

const status = async (page: Page, path = '/me') => (await fetchInPage(page, path)).status

/** Whether the browser is let in without a password; it is asked for one when not. */
async function mustTypePassword(page: Page, { gateway, provider }: World): Promise<void> {
  await page.goto(`${gateway.url}/login?returnTo=/public/page`)
  await page.locator('#username').waitFor()
  expect(new URL(page.url()).origin).to.equal(provider.url)
}

onBothProviders('A person looks after their sessions', (start) => {
  it('sees both browsers, ends the other one, and it must sign in with the password again', async () => {
    const world = await start()
    const [here, there] = [await arrive(world, alice), await arrive(world, alice)]

    const { data } = await ask(here, 'GET', OWN)
    expect(data).to.include({ total: 2, keycloak: 'available' })
    const [other, current] = [...data.sessions].sort((a, b) => Number(a.current) - Number(b.current))
    expect([current.current, other.current]).to.deep.equal([true, false])
    for (const session of data.sessions) {
      expect(session).to.include({ kind: 'gateway', address: '127.0.0.1' })
      expect(session.device).to.match(/^Chrome \d+ on Linux$/)
      expect(session.keycloak).to.deep.include({ clients: ['cloakroom'], offline: false })
      expect(Date.parse(session.lastSeenAt)).to.be.within(Date.now() - 120_000, Date.now() + 1_000)
      expect(session.absoluteExpiresAt > session.idleExpiresAt).to.equal(true)
    }
    expect(
      (await ask(there, 'GET', OWN)).data.sessions.find(({ id }: { id: string }) => id === other.id).current,
    ).to.equal(true)

    expect((await ask(here, 'DELETE', `${OWN}/${other.id}`)).data).to.deep.equal({
      ended: 1,
      keycloak: 'ended',
      current: false,
    })
    expect([await status(here), await status(there)]).to.deep.equal([200, 401])
    await mustTypePassword(there, world)
    expect((await ask(here, 'GET', OWN)).data.sessions.map(({ id }: { id: string }) => id)).to.deep.equal([current.id])
    expect(await ask(here, 'DELETE', `${OWN}/${other.id}`)).to.nested.include({
      status: 404,
      'error.code': 'SESSION_NOT_FOUND',
    })
  })

  it('ends all others at once, then the own one, and cannot touch those of somebody else', async () => {
    const world = await start()
    const [here, there, ofBob] = [await arrive(world, alice), await arrive(world, alice), await arrive(world, bob)]
    const [foreign] = (await ask(ofBob, 'GET', OWN)).data.sessions
    expect((await ask(here, 'DELETE', `${OWN}/${foreign.id}`)).status).to.equal(404)
    expect((await fetchInPage(here, OWN, { method: 'DELETE' })).status, 'without X-CSRF').to.equal(403)
    expect((await ask(here, 'DELETE', OWN)).data).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect([await status(here), await status(there), await status(ofBob)]).to.deep.equal([200, 401, 200])
    await mustTypePassword(there, world)

    const [own] = (await ask(here, 'GET', OWN)).data.sessions
    expect((await ask(here, 'DELETE', `${OWN}/${own.id}`)).data).to.include({ ended: 1, current: true })
    expect(await status(here)).to.equal(401)
    await mustTypePassword(here, world)
  })

  it('sees what Keycloak knows with a bearer token too', async () => {
    const world = await start()
    const token = await world.serviceToken()
    const answer = await fetch(world.gateway.url + OWN, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).to.equal(200)
    expect(await answer.json()).to.have.deep.nested.property('data.sessions', [])
  })
})

onBothProviders('An administrator looks after sessions', (start) => {
  it('sees those of a person, ends one, and then all, here and at the provider', async () => {
    const world = await start()
    const [desk, first, second] = [await arrive(world, ada), await arrive(world, alice), await arrive(world, alice)]
    const [user] = (await ask(desk, 'GET', '/api/v1/admin/users?search=alice')).data.users
    const path = `/api/v1/admin/users/${user.id}/sessions`

    const { data } = await ask(desk, 'GET', path)
    expect(data).to.include({ total: 2, keycloak: 'available' })
    expect(data.sessions[0].user).to.deep.equal({ id: user.id, username: 'alice' })
    const [{ sid }] = data.sessions
    expect((await ask(desk, 'GET', `/api/v1/admin/sessions?sid=${sid}`)).data).to.include({ total: 1 })

    const one = await ask(desk, 'DELETE', `/api/v1/admin/sessions/${data.sessions[0].id}`)
    expect(one.data).to.deep.equal({ ended: 1, keycloak: 'ended' })
    const alive = await Promise.all([status(first), status(second)])
    expect(alive.sort()).to.deep.equal([200, 401])

    expect((await ask(desk, 'DELETE', path)).data).to.deep.equal({ ended: 1, keycloak: 'ended' })
    expect(await Promise.all([status(first), status(second), status(desk)])).to.deep.equal([401, 401, 200])
    for (const page of [first, second]) await mustTypePassword(page, world)
    expect((await ask(desk, 'GET', path)).data.sessions).to.deep.equal([])
    expect(
      (await ask(desk, 'GET', '/api/v1/admin/users/00000000-0000-4000-8000-000000000000/sessions')).error.code,
    ).to.equal('USER_NOT_FOUND')
  })

  it('still ends the sessions here while Keycloak is away, and is told so', async () => {
    const world = await start()
    const [desk, victim] = [await arrive(world, ada), await arrive(world, bob)]
    const [user] = (await ask(desk, 'GET', '/api/v1/admin/users?search=bob')).data.users
    const path = `/api/v1/admin/users/${user.id}/sessions`
    await world.provider.goDown()
    try {
      expect((await ask(desk, 'GET', path)).data).to.include({ total: 1, keycloak: 'unavailable' })
      expect((await ask(desk, 'DELETE', path)).data).to.deep.equal({ ended: 1, keycloak: 'unavailable' })
      expect(await status(victim)).to.equal(401)
    } finally {
      await world.provider.comeBack()
    }
    // The breaker lets a call through again after a while; what only Keycloak has left can then be ended too.
    const { data } = await eventually(
      () => ask(desk, 'DELETE', path),
      (answer) => answer.data?.keycloak === 'ended',
    )
    expect(data.ended).to.equal(0)
    await mustTypePassword(victim, world)
  })
})
