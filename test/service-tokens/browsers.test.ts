import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { oauthClient } from './oauth-client.ts'

const CREDENTIALS = { grant_type: 'client_credentials' }
const PARTNER = 'https://partner.example'

describe('a browser at the OAuth endpoints', () => {
  let scene: Scene
  let post: ReturnType<typeof oauthClient>
  before(async () => {
    scene = await setScene({ env: { ALLOWED_ORIGINS: PARTNER, RATE_LIMIT_AUTH_FAILURES: '3/60' } })
    post = oauthClient(scene.url)
  })
  after(() => scene.stop())

  for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
    it(`is refused when the page is of ${origin}`, async () => {
      const answer = await post('token', CREDENTIALS, { headers: { origin } })
      expect(answer.status).to.equal(403)
      expect(answer.body.error).to.equal('invalid_request')
      expect(answer.headers.get('access-control-allow-origin')).to.equal(null)
      expect(scene.provider.calls('token')).to.deep.equal([])
    })
  }

  it('of an allowed page may read the answer, but never with credentials', async () => {
    const answer = await post('token', CREDENTIALS, { headers: { origin: PARTNER } })
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('access-control-allow-origin')).to.equal(PARTNER)
    expect(answer.headers.get('access-control-allow-credentials')).to.equal(null)
  })

  it('is nobody here although it is signed in, and stays signed in', async () => {
    const browser = await scene.signedIn()
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    const page = await browser.fetch(`${scene.url}/api/v1/auth/token`, {
      ...form,
      body: 'grant_type=client_credentials',
    })
    expect(page.status).to.equal(401)
    expect(page.json().error).to.equal('invalid_client')
    expect(page.header('set-cookie')).to.equal(undefined)
    expect((await scene.call(browser)).status).to.equal(200)
  })

  it('and anything else that guesses secrets is stopped for a while', async () => {
    const answers = []
    for (let i = 0; i < 5; i++) answers.push(await post('token', CREDENTIALS, { basic: 'cloakroom:guess' }))
    expect(answers.map(({ status }) => status)).to.include.members([401, 429])
    const last = answers.at(-1)
    expect(last?.status).to.equal(429)
    expect(last?.body.error).to.equal('temporarily_unavailable')
    expect(last?.headers.get('retry-after')).to.match(/^\d+$/)
  })
})

describe('a service that asks too often', () => {
  it('is told so in the words of OAuth, with the time to wait', async () => {
    const scene = await setScene({ env: { RATE_LIMIT_MANAGEMENT: '2/60' } })
    try {
      const post = oauthClient(scene.url)
      const answers = []
      for (let i = 0; i < 3; i++) answers.push(await post('token', CREDENTIALS))
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 429])
      const last = answers.at(-1)
      expect(last?.body.error).to.equal('temporarily_unavailable')
      expect(last?.headers.get('retry-after')).to.match(/^\d+$/)
      expect(last?.headers.get('cache-control')).to.equal('no-store')
    } finally {
      await scene.stop()
    }
  })
})
