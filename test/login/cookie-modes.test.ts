import { expect } from 'chai'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'

describe('a session with SESSION_COOKIE_SAMESITE=lax', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene({ env: { SESSION_COOKIE_SAMESITE: 'lax' } })
  })
  after(() => scene.stop())

  it('moves on from the callback with 303 and needs no detour for links of other sites', async () => {
    const browser = scene.newBrowser()
    const page = await browser.open(`${scene.url}/login?returnTo=/api/orders`)
    expect(page.visits.map(({ status }) => status)).to.deep.equal([302, 302, 303, 200])
    expect(browser.jar.of(scene.url)[0]).to.include({ name: 'cloakroom', sameSite: 'lax' })
    const linked = await browser.link('http://127.0.0.1:1/mail', `${scene.url}/api/orders`)
    expect(linked.visits.map(({ status }) => status)).to.deep.equal([200])
  })
})

describe('a session on https', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene({ env: { PUBLIC_URL: 'https://gw.example' } })
  })
  after(() => scene.stop())

  it('has Secure cookies that are pinned to the host, and the public address as redirect URI', async () => {
    const raw = rawClient(scene.gateway.port, 'gw.example')
    const login = await raw.ask({ target: '/login?returnTo=/me', headers: { Accept: 'text/html' } })
    const [loginCookie = ''] = login.values('set-cookie')
    expect(loginCookie).to.match(
      /^__Host-cloakroom-login-[\w-]{12}=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    )
    const authorize = login.header('location') ?? ''
    expect(new URL(authorize).searchParams.get('redirect_uri')).to.equal('https://gw.example/callback')
    const back = await scene.newBrowser().open(authorize, { until: () => true })
    const { pathname, search } = new URL(back.next?.url ?? '')
    const Cookie = loginCookie.split(';')[0]
    const callback = await raw.ask({ target: pathname + search, headers: { Accept: 'text/html', Cookie } })
    expect(callback.status).to.equal(200)
    expect(callback.text()).to.include('content="0;url=https://gw.example/me"')
    const session = callback.values('set-cookie').find((line) => line.startsWith('__Host-cloakroom='))
    expect(session).to.match(/^__Host-cloakroom=s%3A[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const me = await raw.ask({ target: '/me', headers: { Cookie: session?.split(';')[0] } })
    expect(me.json().data.user.username).to.equal('alice')
    const plain = await raw.ask({ target: '/me', headers: { Cookie: session?.split(';')[0]?.replace('__Host-', '') } })
    expect(plain.status).to.equal(401)
  })
})
