import { expect } from 'chai'
import { alice, onBothProviders, type World } from './world/world.ts'

interface Asked {
  status: number
  body: { access_token?: string; error?: string }
}

async function askToken({ provider, realm }: World, client: string, form: Record<string, string>): Promise<Asked> {
  const response = await fetch(`${provider.url}/realms/${realm}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(client)}` },
    body: new URLSearchParams(form),
  })
  return { status: response.status, body: (await response.json()) as Asked['body'] }
}

const ADMIN = 'cloakroom-admin:demo-admin-secret-change-me'
const PASSWORDS = 'cloakroom-passwords:demo-passwords-secret-change-me'

async function adminApi({ provider, realm }: World, token: string | undefined, call: string, body?: unknown) {
  const [method = '', path = ''] = call.split(' ')
  const response = await fetch(`${provider.url}/admin/realms/${realm}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  await response.body?.cancel()
  return response.status
}

onBothProviders("The gateway's own clients may no more than they must", (start) => {
  it('the service account reads and writes people, and is refused everything else', async () => {
    const world = await start()
    const { body } = await askToken(world, ADMIN, { grant_type: 'client_credentials' })
    const ask = (call: string, more?: unknown) => adminApi(world, body.access_token, call, more)
    const [client] = (await (await world.admin.call('GET', `/${world.realm}/clients?clientId=cloakroom`)).json()) as {
      id: string
    }[]
    for (const call of ['GET /users', 'GET /roles']) expect(await ask(call), call).to.equal(200)
    const refused: [string, unknown?][] = [
      ['PUT ', { displayName: 'Mine' }],
      ['DELETE '],
      [`PUT /clients/${client?.id}`, { enabled: false }],
      ['POST /clients', { clientId: 'mine' }],
      [
        'POST /components',
        { name: 'mine', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider' },
      ],
    ]
    for (const [call, more] of refused) expect(await ask(call, more), call).to.equal(403)
  })

  it('the client for passwords opens no door, and no other client may check passwords', async () => {
    const world = await start()
    const form = { grant_type: 'password', ...alice }
    const given = await askToken(world, PASSWORDS, form)
    expect(given.status).to.equal(200)
    for (const call of ['GET ', 'GET /users'])
      expect(await adminApi(world, given.body.access_token, call)).to.equal(403)
    const authorization = `Bearer ${given.body.access_token}`
    expect((await fetch(`${world.gateway.url}/me`, { headers: { authorization } })).status).to.equal(401)
    expect((await askToken(world, PASSWORDS, { grant_type: 'client_credentials' })).status).to.equal(401)
    expect((await askToken(world, 'cloakroom-passwords:guessed', form)).status).to.equal(401)
    for (const client of [ADMIN, 'cloakroom:demo-gateway-secret-change-me'])
      expect(await askToken(world, client, form)).to.nested.include({
        status: 400,
        'body.error': 'unauthorized_client',
      })
  })
})
