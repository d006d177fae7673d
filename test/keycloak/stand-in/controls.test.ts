import { expect } from 'chai'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { createStandIn, type StandIn } from '../../../keycloak/stand-in/create-stand-in.ts'
import { createOidcClient, type OidcClient } from './support/oidc-client.ts'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'
import { testRealm } from './support/test-realm.ts'
import { createVisitor, formAction } from './support/visitor.ts'

describe('What tests may do to a stand-in', () => {
  let standIn: StandIn
  let gw: OidcClient
  let realm: string

  beforeEach(async () => {
    const source = testRealm({ ssoSessionIdleTimeout: 600, ssoSessionMaxLifespan: 3600 })
    realm = source.realm ?? ''
    standIn = await createStandIn({ realms: [source], env: {} })
    gw = createOidcClient(`${standIn.url}/realms/${realm}/protocol/openid-connect`)
  })
  afterEach(() => standIn.stop())

  it('is to give a realm a new key', async () => {
    const { tokens: before } = await gw.tokensFor('ada')
    const kid = await standIn.controls.rotateKeys(realm)
    const { tokens: after } = await gw.tokensFor('ada')

    expect(decodeProtectedHeader(after.access_token).kid).to.equal(kid)
    expect(decodeProtectedHeader(before.access_token).kid).not.to.equal(kid)
    expect((await gw.userinfo(before.access_token)).status).to.equal(200)
  })

  it('is not to rotate the keys of a realm that is not there', async () => {
    const outcome = await standIn.controls.rotateKeys('nowhere').catch((error: Error) => error.message)

    expect(outcome).to.equal('There is no realm "nowhere" to rotate the keys of.')
  })

  it('is to take it down and bring it back, with the sessions but without codes and open forms', async () => {
    const { tokens, visitor } = await gw.tokensFor('ada')
    const login = await gw.signIn('ben')
    const latecomer = createVisitor()
    const form = formAction(await latecomer.go(gw.request().url))
    await standIn.controls.goDown()
    const down = await gw.refresh(tokens.refresh_token).catch((error: Error) => error)
    await standIn.controls.comeBack()

    expect(down).to.be.instanceOf(Error)
    expect((await gw.refresh(tokens.refresh_token)).status).to.equal(200)
    expect((await visitor.go(gw.request({ prompt: 'none' }).url)).location?.searchParams.get('code')).to.be.a('string')
    expect((await gw.exchange(login)).json.error_description).to.equal('Code not valid')
    const late = await latecomer.submit(form, { username: 'ada', password: 'ada-pw' })
    expect(late.status).to.equal(302)
    expect((await latecomer.go(late.location ?? '')).text).to.include('id="kc-form-login"')
  })

  const ages = [
    { seconds: 0, refresh: 200, userinfo: 200, silent: 'code' },
    { seconds: 301, refresh: 200, userinfo: 401, silent: 'code' },
    { seconds: 601, refresh: 400, userinfo: 401, silent: 'login_required' },
  ]
  for (const { seconds, refresh, userinfo, silent } of ages) {
    it(`is to let ${seconds} seconds pass: refresh ${refresh}, userinfo ${userinfo}, silent login ${silent}`, async () => {
      const { tokens, visitor } = await gw.tokensFor('ada')
      standIn.controls.advance(seconds)
      const { location } = await visitor.go(gw.request({ prompt: 'none' }).url)

      expect(location?.searchParams.has(silent) ? 'code' : location?.searchParams.get('error')).to.equal(silent)
      expect((await gw.userinfo(tokens.access_token)).status).to.equal(userinfo)
      const answer = await gw.refresh(tokens.refresh_token)
      expect(answer.status).to.equal(refresh)
      if (refresh === 400) expect(answer.json.error_description).to.equal('Token is not active')
    })
  }

  it('shows that a session ends however busy it is, and that tokens do not outlive it', async () => {
    const { tokens } = await gw.tokensFor('ada')
    let { refresh_token: token } = tokens
    for (let minutes = 9; minutes <= 54; minutes += 9) {
      standIn.controls.advance(540)
      token = (await gw.refresh(token)).json.refresh_token
    }
    standIn.controls.advance(200)
    const { json } = await gw.refresh(token)
    standIn.controls.advance(200)

    expect(json.expires_in).to.be.within(1, 160)
    expect(decodeJwt(json.access_token).exp).to.equal(Number(decodeJwt(json.access_token).iat) + json.expires_in)
    expect((await gw.refresh(json.refresh_token)).json.error_description).to.equal('Token is not active')
  })

  it('does not go back in time', () => {
    expect(() => standIn.controls.advance(-1)).to.throw('The clock only goes forward')
  })

  it('counts requests and keeps no secret of them', async () => {
    const { tokens } = await gw.tokensFor('ada')
    standIn.controls.forgetRequests()
    await gw.refresh(tokens.refresh_token)
    await gw.refresh('abc', 'gw:nope')
    const [good, bad, ...more] = standIn.controls.requests()

    expect(more).to.deep.equal([])
    expect(good).to.deep.include({
      method: 'POST',
      path: `/realms/${realm}/protocol/openid-connect/token`,
      parameters: ['grant_type', 'refresh_token'],
      grantType: 'refresh_token',
      status: 200,
    })
    expect(bad?.status).to.equal(401)
    expect(JSON.stringify([good, bad])).not.to.include(tokens.refresh_token)
  })
})

describe('Starting a stand-in', () => {
  it('is refused with ENV=prod, with a word on what to do', async () => {
    const outcome = await createStandIn({ realms: [], env: { ENV: 'prod' } }).catch((error: Error) => error.message)

    expect(outcome).to.match(/does not start with ENV=prod.*KEYCLOAK_SERVER_URL/)
  })

  it('is refused on a port that is taken', async () => {
    const first = await createStandIn({ realms: [], env: {} })
    const outcome = await createStandIn({ realms: [], env: {}, port: Number(new URL(first.url).port) }).catch(
      (error) => error.code,
    )
    await first.stop()

    expect(outcome).to.equal('EADDRINUSE')
  })

  it('can give out another address than its own, and keeps programs where they asked', async () => {
    const realms = [{ realm: 'demo', enabled: true }]
    const standIn = await createStandIn({ realms, env: {}, publicUrl: 'http://id.example.test:8080/' })
    const { port } = new URL(standIn.localUrl)
    const response = await fetch(`http://127.0.0.1:${port}/realms/demo/.well-known/openid-configuration`)
    const json = (await response.json()) as Record<string, string>
    await standIn.stop()

    expect(json.issuer).to.equal('http://id.example.test:8080/realms/demo')
    expect(json.authorization_endpoint).to.match(/^http:\/\/id\.example\.test:8080\//)
    expect(json.token_endpoint).to.equal(`http://127.0.0.1:${port}/realms/demo/protocol/openid-connect/token`)
  })

  it('lets two live side by side, with nothing in common', async () => {
    const realm = testRealm()
    const [one, two] = await Promise.all([
      createStandIn({ realms: [realm], env: {} }),
      createStandIn({ realms: [realm], env: {} }),
    ])
    const clients = [one, two].map(({ url }) =>
      createOidcClient(`${url}/realms/${realm.realm}/protocol/openid-connect`),
    )
    const { tokens } = (await clients[0]?.tokensFor('ada')) ?? { tokens: {} }
    const foreign = await clients[1]?.refresh(tokens.refresh_token)
    await Promise.all([one.stop(), two.stop()])

    expect(foreign?.json.error_description).to.equal('Invalid refresh token')
  })
})

onServers('A life without requests', (server) => {
  const bed = useTestBed(server, { accessTokenLifespan: 2 })

  it('ends an access token, not the session', async () => {
    const { tokens } = await bed().tokensFor('ada')
    // It still counts in the second it ends.
    const over = (Number(decodeJwt(tokens.access_token).exp) + 1) * 1000
    while (Date.now() < over) await new Promise((resolve) => setTimeout(resolve, 50))

    expect((await bed().userinfo(tokens.access_token)).status).to.equal(401)
    expect((await bed().introspect(tokens.access_token)).json).to.deep.equal({ active: false })
    expect((await bed().refresh(tokens.refresh_token)).json.expires_in).to.equal(2)
  })
})
