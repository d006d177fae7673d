import { expect } from 'chai'
import { clientsDesk, OPERATOR, realmWithTool, toolToken } from './world/clients-desk.ts'
import { ada, eventually, onBothProviders } from './world/world.ts'

onBothProviders('What happens to service clients', (start) => {
  async function open() {
    const world = await start(realmWithTool(), OPERATOR)
    return { world, desk: clientsDesk(world, await toolToken(world, ada)) }
  }

  it('is written down: who did what to which client, without secrets', async () => {
    const { world, desk } = await open()
    const { client, secret } = (await desk('POST', '', { clientId: 'svc-noted' })).body.data
    await desk('POST', `/${client.id}/disable`)
    const headers = { authorization: `Bearer ${await toolToken(world, ada)}` }
    const read = async () => {
      const answer = await fetch(`${world.gateway.url}/api/v1/admin/audit?target=${client.id}`, { headers })
      return (await answer.json()) as {
        data: { events: { action: string; outcome: string; actor: { username: string } }[] }
      }
    }
    const { data } = await eventually(read, (body) => body.data.events.length >= 3)
    expect(data.events.map(({ action, outcome }) => `${action} ${outcome}`)).to.have.members([
      'client.create ok',
      'client.disable intended',
      'client.disable ok',
    ])
    expect(new Set(data.events.map(({ actor }) => actor.username))).to.deep.equal(new Set(['ada']))
    expect(JSON.stringify(data)).not.to.contain(secret)
  })

  it('a client with rights that somebody gave it at Keycloak keeps them to itself', async () => {
    const { world, desk } = await open()
    const { client } = (await desk('POST', '', { clientId: 'svc-raised' })).body.data
    const at = `/${world.realm}`
    const [management] = (await (await world.admin.call('GET', `${at}/clients?clientId=realm-management`)).json()) as [
      { id: string },
    ]
    const roles = (await (await world.admin.call('GET', `${at}/clients/${management.id}/roles`)).json()) as {
      name: string
    }[]
    const account = (await (
      await world.admin.call('GET', `${at}/clients/${client.id}/service-account-user`)
    ).json()) as { id: string }
    const path = `${at}/users/${account.id}/role-mappings/clients/${management.id}`
    await world.admin.call(
      'POST',
      path,
      roles.filter(({ name }) => name === 'view-users'),
    )
    const full = (fullScopeAllowed: boolean) =>
      world.admin.call('PUT', `${at}/clients/${client.id}`, { fullScopeAllowed })
    // Without full scope the role has no effect.
    expect((await desk('POST', `/${client.id}/secret`)).status).to.equal(200)
    await full(true)
    const answer = await desk('POST', `/${client.id}/secret`)
    expect([answer.status, answer.body.error.code]).to.deep.equal([403, 'INSUFFICIENT_PERMISSIONS'])
    expect((await desk('POST', `/${client.id}/enable`)).status).to.equal(403)
    expect((await desk('POST', `/${client.id}/disable`)).status).to.equal(200)
    await full(false)
    expect((await desk('POST', `/${client.id}/enable`)).status).to.equal(200)
  })
})
