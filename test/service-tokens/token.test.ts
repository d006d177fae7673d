import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'
import { CLIENT, oauthClient } from './oauth-client.ts'

const CREDENTIALS = { grant_type: 'client_credentials' }

describe('POST /api/v1/auth/token', () => {
  let scene: Scene
  let post: ReturnType<typeof oauthClient>
  before(async () => {
    scene = await setScene()
    post = oauthClient(scene.url)
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const asked = () => scene.provider.calls('token').at(-1)

  it('gives a service client a token with which it can call', async () => {
    const { status, body, headers } = await post('token', CREDENTIALS)
    expect(status).to.equal(200)
    expect(Object.keys(body)).to.have.members(['access_token', 'token_type', 'expires_in', 'scope'])
    expect(body).to.include({ token_type: 'Bearer', expires_in: 300, scope: the.scopes })
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(headers.get('pragma')).to.equal('no-cache')
    expect(headers.get('content-type')).to.match(/^application\/json/)
    expect(headers.get('set-cookie')).to.equal(null)
    expect((await scene.bearer(String(body.access_token))).status).to.equal(200)
  })

  it('asks the provider each time, as the client, and with nothing but what grants need', async () => {
    const cookie = { cookie: 'cloakroom=s%3Ax.y; theme=dark', 'x-forwarded-for': '1.2.3.4', dpop: 'x' }
    const form = { ...CREDENTIALS, scope: 'a b', audience: 'orders', resource: 'https://orders.example', odd: 'x' }
    await post('token', form, { headers: cookie })
    await post('token', form, { headers: cookie })
    expect(scene.provider.calls('token')).to.have.length(2)
    expect(Object.fromEntries(asked()?.form ?? [])).to.deep.equal({
      ...CREDENTIALS,
      scope: 'a b',
      audience: 'orders',
      resource: 'https://orders.example',
    })
    expect(asked()?.headers).to.include({ authorization: `Basic ${btoa(CLIENT)}` })
    expect(asked()?.headers).not.to.have.any.keys('cookie', 'x-forwarded-for', 'dpop', 'origin')
  })

  it('takes the secret from the form, too', async () => {
    const post_ = { client_id: the.clientId, client_secret: the.clientSecret }
    expect((await post('token', { ...CREDENTIALS, ...post_ }, { basic: null })).status).to.equal(200)
    expect(asked()?.headers).not.to.have.property('authorization')
    expect(asked()?.form.get('client_secret')).to.equal(the.clientSecret)
  })

  it('takes a client id beside Basic when it is the same', async () => {
    expect((await post('token', { ...CREDENTIALS, client_id: the.clientId })).status).to.equal(200)
  })

  it('refreshes, and hands the new refresh token on', async () => {
    await scene.signedIn()
    const issued = scene.provider.calls('token', { grant_type: 'authorization_code' })
    expect(issued).to.have.length(1)
    const token = 'canary-refresh-of-a-service'
    scene.provider.reply('token', {
      body: { access_token: 'a', token_type: 'Bearer', refresh_token: 'next', id_token: 'i', session_state: 's' },
    })
    const answer = await post('token', { grant_type: 'refresh_token', refresh_token: token, scope: 'a' })
    expect(answer.body).to.deep.equal({ access_token: 'a', token_type: 'Bearer', refresh_token: 'next' })
    expect(asked()?.form.get('refresh_token')).to.equal(token)
  })

  it('says of passwords where people sign in, before anybody is asked', async () => {
    const form = { grant_type: 'password', username: 'alice', password: 'canary-password' }
    for (const basic of [CLIENT, null]) {
      const { status, body } = await post('token', form, { basic })
      expect(status).to.equal(400)
      expect(body.error).to.equal('unsupported_grant_type')
      expect(body.error_description).to.include('/login')
    }
    expect(scene.provider.calls('token')).to.deep.equal([])
  })

  for (const grant of [
    'authorization_code',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'x',
    '__proto__',
    'toString',
  ]) {
    it(`does not know the grant ${grant}`, async () => {
      const { status, body } = await post('token', { grant_type: grant, code: 'x' })
      expect([status, body.error]).to.deep.equal([400, 'unsupported_grant_type'])
      expect(scene.provider.calls('token')).to.deep.equal([])
    })
  }

  const refusals: [what: string, status: number, body: object, seen: [number, string]][] = [
    [
      'a wrong secret',
      401,
      { error: 'unauthorized_client', error_description: 'Invalid client or Invalid client credentials' },
      [401, 'invalid_client'],
    ],
    ['an unknown client', 401, { error: 'invalid_client' }, [401, 'invalid_client']],
    [
      'a bad assertion',
      400,
      { error: 'invalid_client', error_description: 'Token reuse detected' },
      [401, 'invalid_client'],
    ],
    [
      'a client without a service account',
      401,
      { error: 'unauthorized_client', error_description: 'Client not enabled to retrieve service account' },
      [400, 'unauthorized_client'],
    ],
    [
      'an unknown scope',
      400,
      { error: 'invalid_scope', error_description: 'Invalid scopes: x' },
      [400, 'invalid_scope'],
    ],
    ['a used refresh token', 400, { error: 'invalid_grant' }, [400, 'invalid_grant']],
    [
      'a disabled realm',
      403,
      { error: 'access_denied', error_description: 'Realm not enabled' },
      [502, 'server_error'],
    ],
    ['a realm that is not there', 404, { error: 'Realm does not exist' }, [502, 'server_error']],
    ['too many requests', 429, { error: 'slow_down' }, [503, 'temporarily_unavailable']],
  ]
  for (const [what, status, body, seen] of refusals) {
    it(`tells of ${what} in the words of OAuth`, async () => {
      scene.provider.reply('token', { status, body: { ...body, extra: 'canary-extra' } })
      const answer = await post('token', CREDENTIALS)
      expect([answer.status, answer.body.error]).to.deep.equal(seen)
      expect(Object.keys(answer.body)).to.deep.equal(['error', 'error_description'])
      expect(answer.headers.get('cache-control')).to.equal('no-store')
      const challenge = seen[0] === 401 ? 'Basic realm="cloakroom", charset="UTF-8"' : null
      expect(answer.headers.get('www-authenticate')).to.equal(challenge)
    })
  }

  it('cleans what the provider says before it hands it on', async () => {
    const error_description = `"quoted\\" ${'x'.repeat(500)}\r\nSet-Cookie: a=b é`
    scene.provider.reply('token', { status: 400, body: { error: 'invalid_scope', error_description } })
    const { error_description: seen } = (await post('token', CREDENTIALS)).body
    expect(seen).to.match(/^[\x20\x21\x23-\x5b\x5d-\x7e]{300}$/)
  })
})
