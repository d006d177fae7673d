import { expect } from 'chai'
import { type ApiCall, apiByToken } from './world/api-by-token.ts'
import { realmWithTool, toolToken } from './world/clients-desk.ts'
import { ada, alice, eventually, onBothProviders, type World } from './world/world.ts'

const TYPED_BY_MISTAKE = 'canary-My-Passw0rd!'

/** Calls the administration as ada; her token comes through a tool, so that no browser is needed. */
async function adasDesk(world: World) {
  const call = apiByToken(`${world.gateway.url}/api/v1/admin`, await toolToken(world, ada))
  return async (...asked: Parameters<ApiCall>) => {
    const { status, text, body } = await call(...asked)
    return { status, text, data: body.data, error: body.error, message: body.message }
  }
}

const refusedToken = (world: World, username: string) =>
  toolToken(world, { username, password: 'not-the-password' }).then(
    () => expect.fail('the wrong password was taken'),
    () => undefined,
  )

onBothProviders('An administrator reads what happened at Keycloak', (start) => {
  it('sees who signed in and who failed to, and what was changed, but nothing that could be used', async () => {
    const began = new Date(Date.now() - 60_000).toISOString()
    const world = await start({ ...realmWithTool(), adminEventsDetailsEnabled: true })
    const desk = await adasDesk(world)
    await toolToken(world, alice)
    await refusedToken(world, 'alice')
    await refusedToken(world, TYPED_BY_MISTAKE)
    const found = (await desk('GET', '/users?username=alice&exact=true')).data.users
    const aliceId = found[0].id
    expect((await desk('PATCH', `/users/${aliceId}`, { lastName: 'canary-Liddell' })).status).to.equal(200)

    const logins = await desk('GET', `/events/logins?type=LOGIN,LOGIN_ERROR&client=tool&from=${began}`)
    expect(logins.status, logins.text).to.equal(200)
    expect(logins.data).to.include({ eventsEnabled: true, more: false, keptFor: 604_800 })
    expect(logins.data.typesNotKept).to.deep.equal([])
    const told = logins.data.events.map((event: Record<string, unknown>) => [event.type, event.error, event.username])
    expect(told).to.deep.equal([
      ['LOGIN_ERROR', 'user_not_found', null],
      ['LOGIN_ERROR', 'invalid_user_credentials', 'alice'],
      ['LOGIN', null, 'alice'],
      ['LOGIN', null, 'ada'],
    ])
    expect(logins.text).not.to.contain('canary')
    const ofAlice = await desk('GET', `/events/logins?user=${aliceId}&max=1`)
    expect(ofAlice.data.events.map(({ type }: { type: string }) => type)).to.deep.equal(['LOGIN_ERROR'])
    expect(ofAlice.data.more).to.equal(true)
    expect(ofAlice.data.events[0].details).to.include({ grant_type: 'password' })
    expect((await desk('GET', `/events/logins?to=${began}`)).data.events).to.deep.equal([])
    expect((await desk('GET', '/events/logins?ip=127.0.0.1&type=LOGIN&max=2')).data.events).to.have.length(2)

    const acts = await desk('GET', `/events/admin?operation=UPDATE&resourceType=USER&path=users/*&from=${began}`)
    expect(acts.status, acts.text).to.equal(200)
    expect(acts.data.events).to.have.length(1)
    const [act] = acts.data.events
    expect(act).to.deep.include({ operation: 'UPDATE', resourceType: 'USER', path: `users/${aliceId}`, roles: [] })
    expect(act.actor).to.include({ isOfThisRealm: true })
    expect(act.members).to.include('lastName')
    expect(acts.text).not.to.contain('canary')
    expect((await desk('GET', `/events/admin?actor=${act.actor.userId}`)).data.events).to.have.length(1)
    expect((await desk('GET', '/events/admin?actor=nobody')).data.events).to.deep.equal([])

    // Where Keycloak would stumble, it is not asked.
    for (const [path, field] of [
      ['/events/logins?type=login', 'type'],
      ['/events/logins?from=2026-11-22', 'from'],
      ['/events/admin?resourceType=NONSENSE', 'resourceType'],
    ] as const) {
      const { status, error } = await desk('GET', path)
      expect([status, error.details.fields[0].field], path).to.deep.equal([400, field])
    }

    const off = { eventsEnabled: false, adminEventsEnabled: false }
    await world.admin.call('PUT', `/${world.realm}/events/config`, off)
    for (const path of ['/events/logins', '/events/admin']) {
      const { status, data, message } = await desk('GET', path)
      expect([status, data.eventsEnabled], path).to.deep.equal([200, false])
      expect(message).to.contain('does not remember')
    }
  })
})

onBothProviders('An administrator looks at the configuration', (start) => {
  it('sees settings, routes and the realm, and changes what can be changed', async () => {
    const world = await start(realmWithTool())
    const desk = await adasDesk(world)
    const { status, data, text } = await desk('GET', '/settings')
    expect(status, text).to.equal(200)
    expect(data.realm.state).to.equal('known')
    expect(data.realm.policy).to.deep.include({ name: world.realm, registrationAllowed: false, sendsMail: false })
    expect(data.realm.policy.passwordPolicy).to.contain('length(10)')
    expect(data.realm.policy.bruteForce).to.include({ protected: true, failures: 5 })
    expect(data.realm.policy.lifetimes).to.include({ accessToken: 300, sessionIdle: 2100, sessionMax: 36_000 })
    expect(data.realm.policy.events).to.include({ logins: true, admin: true, keptFor: 604_800 })
    expect(data.routes.map(({ id }: { id: string }) => id)).to.deep.equal(['orders', 'live', 'public'])
    expect(text).not.to.match(/demo-\w+-secret-change-me/)

    const changed = await desk('PATCH', '/settings', { settings: { USER_INFO_CACHE_TTL: 7 }, version: data.version })
    expect(changed.status, changed.text).to.equal(200)
    expect(changed.data).to.include({ kept: 'redis', instances: 1 })
    expect(changed.data.settings[0]).to.include({ value: 7, configured: 300, source: 'runtime' })
    const late = await desk('PATCH', '/settings', { settings: { GROUP_CACHE_TTL: 1 }, version: data.version })
    expect([late.status, late.error.code]).to.deep.equal([409, 'VERSION_CONFLICT'])
    expect(late.error.details.changed).to.deep.equal([{ field: 'USER_INFO_CACHE_TTL', now: 7 }])
    expect((await desk('DELETE', '/settings/USER_INFO_CACHE_TTL')).data.settings[0]).to.include({ value: 300 })
    const trail = async () => (await desk('GET', '/audit?action=settings.update&outcome=ok')).data.events
    const events = await eventually(trail, (rows) => rows.length === 2)
    expect(events.map(({ before, after }: { before: object; after: object }) => [before, after])).to.deep.equal([
      [{ values: { USER_INFO_CACHE_TTL: 7 } }, { values: { USER_INFO_CACHE_TTL: 300 }, instances: 1 }],
      [{ values: { USER_INFO_CACHE_TTL: 300 } }, { values: { USER_INFO_CACHE_TTL: 7 }, instances: 1 }],
    ])
  })
})
