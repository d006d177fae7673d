import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { oauthClient } from './oauth-client.ts'

describe('POST /api/v1/auth/introspect', () => {
  let scene: Scene
  let post: ReturnType<typeof oauthClient>
  before(async () => {
    scene = await setScene()
    post = oauthClient(scene.url)
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const newToken = async () => String((await post('token', { grant_type: 'client_credentials' })).body.access_token)

  it('tells what a token allows, and nothing personal beyond it', async () => {
    const { status, body, headers } = await post('introspect', { token: await newToken() })
    expect(status).to.equal(200)
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(body).to.include({ active: true, client_id: 'cloakroom', token_type: 'Bearer', typ: 'Bearer' })
    expect(body.realm_access).to.deep.equal({ roles: ['customer'] })
    expect(body).not.to.have.any.keys('email', 'name', 'preferred_username')
  })

  it('says of anything else only that it is not active', async () => {
    for (const reply of [{ active: false, reason: 'canary' }, { active: 'true' }, { active: 1, sub: 'x' }, {}]) {
      scene.provider.reply('introspect', { body: reply })
      const { status, body } = await post('introspect', { token: 'whatever' })
      expect(status).to.equal(200)
      expect(body).to.deep.equal({ active: false })
    }
  })

  it('says so at once of a token that was revoked here, whatever the provider says', async () => {
    const token = await newToken()
    expect((await post('introspect', { token })).body.active).to.equal(true)
    expect((await post('revoke', { token })).status).to.equal(200)
    expect((await post('introspect', { token })).body).to.deep.equal({ active: false })
  })

  it('hands on a hint that exists, and no other', async () => {
    for (const [hint, seen] of [
      ['refresh_token', 'refresh_token'],
      ['access_token', 'access_token'],
      ['saml', null],
      ['', null],
    ] as const) {
      await post('introspect', { token: 'x', token_type_hint: hint })
      expect(scene.provider.calls('introspect').at(-1)?.form.get('token_type_hint')).to.equal(seen)
    }
  })

  it('is for clients that prove themselves', async () => {
    const token = await newToken()
    for (const basic of [null, 'cloakroom:wrong', 'nobody:x']) {
      const { status, body, headers } = await post('introspect', { token }, { basic })
      expect([status, body.error]).to.deep.equal([401, 'invalid_client'])
      expect(headers.get('www-authenticate')).to.match(/^Basic /)
    }
    const { status } = await post(
      'introspect',
      { token },
      { basic: null, headers: { authorization: `Bearer ${token}` } },
    )
    expect(status).to.equal(401)
  })

  it('asks the provider every time', async () => {
    const token = await newToken()
    for (let i = 0; i < 3; i++) await post('introspect', { token })
    expect(scene.provider.calls('introspect')).to.have.length(3)
  })
})
