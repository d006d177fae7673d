import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { oauthClient } from './oauth-client.ts'

const FORMS = {
  token: { grant_type: 'client_credentials' },
  introspect: { token: 'canary-token' },
  revoke: { token: 'canary-token' },
} as const
const ENDPOINTS = ['token', 'introspect', 'revoke'] as const
const PAGE = '<html><body>502 Bad Gateway canary-page</body></html>'

describe('while the provider is away, services', () => {
  let scene: Scene
  let post: ReturnType<typeof oauthClient>
  beforeEach(async () => {
    scene = await setScene()
    post = oauthClient(scene.url)
    expect((await post('token', FORMS.token)).status).to.equal(200)
  })
  afterEach(() => scene.stop())

  async function expect503(endpoint: (typeof ENDPOINTS)[number]): Promise<void> {
    const { status, body, headers, text } = await post(endpoint, FORMS[endpoint])
    expect(status).to.equal(503)
    expect(Object.keys(body)).to.deep.equal(['error', 'error_description'])
    expect(body.error).to.equal('temporarily_unavailable')
    expect(headers.get('retry-after')).to.match(/^\d+$/)
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(text).not.to.include('canary')
  }

  for (const endpoint of ENDPOINTS) {
    for (const [what, reply] of [
      ['hangs up', 'hang-up'],
      ['answers 500', { status: 500, body: { error: 'unknown_error' } }],
      ['answers 503 with a page', { status: 503, body: PAGE }],
      ['answers 200 with a page', { status: 200, body: PAGE }],
      ['answers 400 with a page', { status: 400, body: PAGE }],
      ['answers a list', { status: 200, headers: { 'content-type': 'application/json' }, body: '[]' }],
      ['answers half of it', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"access_t' }],
    ] as const) {
      it(`hear 503 from ${endpoint} when it ${what}, and are served as soon as it is back`, async () => {
        scene.provider.reply(endpoint, reply, 1)
        await expect503(endpoint)
        expect((await post(endpoint, FORMS[endpoint])).status).to.equal(200)
      })
    }

    it(`hear 503 from ${endpoint} when nobody listens, then at once, because its breaker opens`, async () => {
      await scene.provider.goAway()
      for (let i = 0; i < 8; i++) await expect503(endpoint)
      const metrics = await (await fetch(`${scene.gateway.managementUrl}/metrics`)).text()
      expect(metrics).to.match(/cloakroom_breaker_state\{target="provider:(service-token|introspect|revoke)"\} 2/)
      await scene.provider.comeBack()
    })
  }

  it('hear 503 when it was never there', async () => {
    const alone = await setScene()
    try {
      await alone.provider.goAway()
      const { status, body } = await oauthClient(alone.url)('token', FORMS.token)
      expect([status, body.error]).to.deep.equal([503, 'temporarily_unavailable'])
      await alone.provider.comeBack()
    } finally {
      await alone.stop()
    }
  })

  it('hear 503 within the bound when it takes too long', async function () {
    this.timeout(30_000)
    const holds = ENDPOINTS.map((endpoint) => scene.provider.hold(endpoint))
    await Promise.all(ENDPOINTS.map(expect503))
    for (const hold of holds) hold.release()
  })

  it('hear 501 where it has no such endpoint', async () => {
    const other = await setScene()
    try {
      other.provider.script.discovery = ({ introspection_endpoint, revocation_endpoint, ...rest }) => rest
      const ask = oauthClient(other.url)
      for (const endpoint of ['introspect', 'revoke'] as const) {
        const { status, body } = await ask(endpoint, FORMS[endpoint])
        expect([status, body.error]).to.deep.equal([501, 'server_error'])
      }
    } finally {
      await other.stop()
    }
  })

  it('are counted by what they asked and what they heard, in bounded words', async () => {
    await post('token', { grant_type: 'password' })
    await post('token', { grant_type: 'canary-grant' })
    await post('token', { ...FORMS.token }, { basic: 'cloakroom:wrong' })
    scene.provider.reply('token', { status: 400, body: { error: 'canary_error' } }, 1)
    await post('token', FORMS.token)
    await post('introspect', FORMS.introspect)
    await post('revoke', {})
    const metrics = await (await fetch(`${scene.gateway.managementUrl}/metrics`)).text()
    for (const [operation, outcome, count] of [
      ['client_credentials', 'ok', 1],
      ['client_credentials', 'invalid_client', 1],
      ['client_credentials', 'server_error', 1],
      ['other_grant', 'unsupported_grant_type', 2],
      ['introspect', 'ok', 1],
      ['revoke', 'invalid_request', 1],
    ])
      expect(metrics).to.include(
        `cloakroom_service_tokens_total{operation="${operation}",outcome="${outcome}"} ${count}`,
      )
    expect(metrics).not.to.include('canary')
  })
})
