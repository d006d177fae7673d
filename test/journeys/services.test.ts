import { expect } from 'chai'
import { eventually, onBothProviders } from './world/world.ts'

onBothProviders('A service calls with a bearer token', (start) => {
  it('reaches the API with its own token', async () => {
    const { gateway, api, serviceToken } = await start()
    const token = await serviceToken()
    const response = await fetch(`${gateway.url}/api/orders/7`, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).to.equal(200)
    expect(api.last().headers.authorization).to.equal(`Bearer ${token}`)
    const me = (await (await fetch(`${gateway.url}/me`, { headers: { authorization: `bearer ${token}` } })).json()) as {
      data: { user: Record<string, unknown> }
    }
    expect(me.data.user).to.include({ username: 'service-account-orders-service', authMethod: 'bearer' })
  })

  it('is refused when its token is for another audience', async () => {
    const { gateway, api, serviceToken } = await start()
    const token = await serviceToken({ id: 'cloakroom-admin', secret: 'demo-admin-secret-change-me' })
    const response = await fetch(`${gateway.url}/api/orders`, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).to.equal(401)
    expect(response.headers.get('www-authenticate')).to.include('error="invalid_token"')
    expect(api.calls).to.deep.equal([])
  })

  it('goes on while the provider rotates its keys', async () => {
    const { gateway, serviceToken, admin, realm } = await start()
    const call = (token: string) =>
      fetch(`${gateway.url}/api/orders`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
    const old = await serviceToken()
    expect(await call(old)).to.equal(200)
    let refused = 0
    let stop = false
    const traffic = (async () => {
      while (!stop) if ((await call(await serviceToken())) !== 200) refused++
    })()
    await admin.rotateKeys(realm)
    const kidOf = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid as string
    const fresh = await eventually(serviceToken, (token) => kidOf(token) !== kidOf(old))
    expect(await call(fresh)).to.equal(200)
    expect(await call(old)).to.equal(200)
    stop = true
    await traffic
    expect(refused).to.equal(0)
  })
})
