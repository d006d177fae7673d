import { expect } from 'chai'
import { ada, alice, fetchInPage, onBothProviders, signIn } from './world/world.ts'

onBothProviders('An administrator looks after things', (start) => {
  it('finds users and groups, inspects the caches and clears them', async () => {
    const { browser, gateway } = await start()
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, ada)
    await page.locator('#orders').waitFor()
    const ask = async (path: string, init?: Parameters<typeof fetchInPage>[2]) => {
      const { status, body } = await fetchInPage(page, path, init)
      return { status, data: JSON.parse(body).data, error: JSON.parse(body).error }
    }

    const found = await ask('/api/v1/admin/users?search=ali&max=5')
    expect(found.data.users.map(({ username }: { username: string }) => username)).to.deep.equal(['alice'])
    expect(found.data.total).to.equal(1)
    const { id } = found.data.users[0]
    expect((await ask(`/api/v1/admin/users/${id}`)).data.user).to.include({ username: 'alice', enabled: true })
    expect(
      (await ask(`/api/v1/admin/users/${id}/groups`)).data.groups.map(({ path }: { path: string }) => path),
    ).to.deep.equal(['/customers'])
    expect((await ask('/api/v1/admin/groups')).data.groups.map(({ path }: { path: string }) => path)).to.include(
      '/staff',
    )
    expect(await ask('/api/v1/admin/users/00000000-0000-4000-8000-000000000000')).to.have.nested.include({
      status: 404,
      'error.code': 'USER_NOT_FOUND',
    })

    const info = (await ask('/cache/info')).data
    expect(info.admin_cache).to.include({ maxsize: 1, ttl: 300, current_size: 1 })
    expect(info.user_info_cache.keys).to.deep.equal([id])
    expect(info.cache_ttl_config).to.include({
      jwks_ttl: 600,
      admin_token_ttl: 300,
      user_info_ttl: 300,
      group_ttl: 600,
    })
    const cleared = await ask('/cache/clear', { method: 'POST', headers: { 'X-CSRF': '1' } })
    expect(cleared.data).to.include({ instances: 1 })
    expect(cleared.data.cleared).to.include.members(['jwks', 'admin_token', 'user_info', 'groups'])
    expect((await ask('/cache/info')).data.user_info_cache.current_size).to.equal(0)
  })

  it('must be an administrator for it', async () => {
    const { browser, gateway } = await start()
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    for (const path of ['/cache/info', '/api/v1/admin/users'])
      expect((await fetchInPage(page, path)).status, path).to.equal(403)
    expect((await fetch(`${gateway.url}/cache/info`)).status).to.equal(401)
  })
})
