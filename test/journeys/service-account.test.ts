import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { ask } from './world/arrive.ts'
import { keycloakAs } from './world/keycloak-as.ts'
import { ada, fetchInPage, onBothProviders, signIn, type World } from './world/world.ts'

const ACCOUNT = { id: 'cloakroom-admin', secret: 'demo-admin-secret-change-me' }

async function officeOf(world: World): Promise<Page> {
  const page = await (await world.browser()).newPage()
  await page.goto(`${world.gateway.url}/api/orders`)
  await signIn(page, ada)
  await page.locator('#orders').waitFor()
  return page
}

async function create(page: Page, username: string) {
  const { status, error } = await ask(page, 'POST', '/api/v1/admin/users', { username })
  return { status, code: error?.code }
}

onBothProviders("The gateway's service account", (start) => {
  it('is refused whatever the gateway does not do', async () => {
    const world = await start()
    const call = await keycloakAs(world, ACCOUNT)
    const at = `/${world.realm}`
    const alice = (await call('GET', `${at}/users?username=alice&exact=true`)).body[0]
    const clientOf = async (clientId: string) => (await call('GET', `${at}/clients?clientId=${clientId}`)).body[0].id
    const [orders, management] = [await clientOf('orders-api'), await clientOf('realm-management')]
    const power = (await call('GET', `${at}/clients/${management}/roles/realm-admin`)).body
    // What the stand-in does not have at all it answers with 404.
    const refusal = world.provider.name === 'keycloak' ? [403] : [403, 404]

    const refused: [method: string, path: string, body?: object][] = [
      ['PUT', at, { displayName: 'taken over' }],
      ['DELETE', at],
      ['POST', `${at}/roles`, { name: 'invented' }],
      ['DELETE', `${at}/roles/customer`],
      ['POST', `${at}/roles/customer/composites`, [power]],
      ['POST', `${at}/clients`, { clientId: 'invented' }],
      ['PUT', `${at}/clients/${orders}`, { enabled: false }],
      ['DELETE', `${at}/clients/${orders}`],
      ['POST', `${at}/clients/${orders}/client-secret`],
      ['POST', `${at}/users/${alice.id}/impersonation`],
      ['POST', `${at}/users/${alice.id}/role-mappings/clients/${management}`, [power]],
      ['GET', `${at}/identity-provider/instances`],
      ['POST', `${at}/partial-export`],
      ['DELETE', `${at}/events`],
      ['GET', '/master'],
      ['GET', '/master/users'],
      ['POST', '', { realm: 'invented' }],
    ]
    for (const [method, path, body] of refused)
      expect((await call(method, path, body)).status, `${method} ${path}`).to.be.oneOf(refusal)
  })

  for (const role of ['manage-users', 'view-realm', 'view-clients'])
    it(`changes nobody without ${role}, because it could not see or do all of it`, async () => {
      const world = await start()
      const page = await officeOf(world)
      expect(await create(page, 'before')).to.include({ status: 201 })
      const { admin, realm } = world
      const read = async (path: string) => (await admin.call('GET', `/${realm}${path}`)).json()
      const [robot] = (await read('/users?username=service-account-cloakroom-admin&exact=true')) as { id: string }[]
      const [client] = (await read('/clients?clientId=realm-management')) as { id: string }[]
      const held = await read(`/clients/${client?.id}/roles/${role}`)
      await admin.call('DELETE', `/${realm}/users/${robot?.id}/role-mappings/clients/${client?.id}`, [held as object])
      await fetchInPage(page, '/cache/clear', { method: 'POST', headers: { 'X-CSRF': '1' } })
      expect(await create(page, 'after')).to.deep.equal({ status: 502, code: 'KEYCLOAK_REFUSED' })
      expect(await read('/users?username=after&exact=true')).to.deep.equal([])
    })
})
