import { expect } from 'chai'
import { rawClient } from '../../support/raw-client.ts'
import { type Scene, setScene } from '../../support/scene.ts'
import { the } from '../../support/the.ts'

const NO_TOKEN = 'Bearer realm="cloakroom"'
const INVALID =
  'Bearer realm="cloakroom", error="invalid_token", error_description="the access token is not valid here"'

describe('presenting a token', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => {
    scene.provider.reset()
    scene.api.forget()
  })

  const ask = (authorization: string | readonly string[] | undefined, target = '/api/orders', more = {}) =>
    rawClient(scene.gateway.port).ask({ target, headers: { Authorization: authorization, ...more } })
  const alices = () => scene.provider.accessToken()

  describe('in the Authorization header', () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer ', 'Bearer   ']) {
      it(`by the scheme ${JSON.stringify(scheme)} is accepted`, async () => {
        expect((await ask(`${scheme} ${alices()}`)).status).to.equal(200)
      })
    }

    const wrong: Record<string, (token: string) => string> = {
      'the scheme alone': () => 'Bearer',
      'the scheme and blanks': () => 'Bearer    ',
      'nothing at all': () => '',
      'the token alone': (token) => token,
      'no blank between': (token) => `Bearer${token}`,
      'a tab between': (token) => `Bearer\t${token}`,
      'a colon between': (token) => `Bearer: ${token}`,
      'two tokens': (token) => `Bearer ${token} ${token}`,
      'two tokens with a comma': (token) => `Bearer ${token}, ${token}`,
      'two credentials with a comma': (token) => `Bearer ${token}, Basic YTpi`,
      quotes: (token) => `Bearer "${token}"`,
      Basic: () => `Basic ${Buffer.from('alice:secret').toString('base64')}`,
      DPoP: (token) => `DPoP ${token}`,
      'an unknown scheme': (token) => `Beaver ${token}`,
      'a key with its name': (token) => `Bearer token=${token}`,
    }
    for (const [what, value] of Object.entries(wrong)) {
      it(`${what} is 401`, async () => {
        const answer = await ask(value(alices()))
        expect(answer.status).to.equal(401)
        expect(answer.header('www-authenticate')).to.equal(INVALID)
        expect(answer.json().error.code).to.equal('TOKEN_INVALID')
        expect(scene.api.seen).to.deep.equal([])
      })
    }

    it('twice is 400, equal or not', async () => {
      const token = `Bearer ${alices()}`
      for (const both of [
        [token, token],
        [token, 'Bearer x'],
        ['Basic YTpi', token],
      ]) {
        const answer = await ask(both)
        expect(answer.status).to.equal(400)
        expect(answer.json().error.code).to.equal('INVALID_REQUEST')
      }
      expect(scene.api.seen).to.deep.equal([])
    })
  })

  describe('anywhere else', () => {
    for (const query of [
      'access_token=',
      'a=1&access_token=',
      'access%5Ftoken=',
      'access%5ftoken=',
      '%61ccess_token=',
    ]) {
      it(`in the query as ${query} is 400, also beside a good header`, async () => {
        for (const authorization of [undefined, `Bearer ${alices()}`]) {
          const answer = await ask(authorization, `/api/orders?${query}${alices()}`)
          expect(answer.status).to.equal(400)
          expect(answer.json().error.code).to.equal('INVALID_REQUEST')
          expect(answer.header('www-authenticate')).to.equal(
            'Bearer realm="cloakroom", error="invalid_request", error_description="a token must not stand in the address"',
          )
        }
        expect(scene.api.seen).to.deep.equal([])
        expect(scene.gateway.logText()).not.to.match(/eyJ/)
      })
    }

    it('in the body is nobody', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = `access_token=${alices()}`
      const page = await scene.newBrowser().fetch(`${scene.url}/api/orders`, { method: 'POST', headers, body })
      expect(page.status).to.equal(401)
    })
  })

  describe('beside other credentials', () => {
    it('wins over the cookie', async () => {
      scene.provider.script.person = the.bob()
      const browser = await scene.signedIn()
      scene.provider.reset()
      const page = await browser.fetch(`${scene.url}/me`, { headers: { authorization: `Bearer ${alices()}` } })
      expect(page.json().data.user).to.include({ username: 'alice', authMethod: 'bearer' })
    })

    for (const [what, value] of [
      ['a bad token', 'Bearer bad'],
      ['another scheme', 'Basic YTpi'],
      ['an empty header', ''],
    ] as const) {
      it(`${what} is final: the cookie does not help out`, async () => {
        const browser = await scene.signedIn()
        const [cookie] = browser.jar.of(scene.url)
        scene.api.forget()
        const answer = await ask(value, '/api/orders', { Cookie: `cloakroom=${cookie?.value}` })
        expect(answer.status).to.equal(401)
        expect(answer.header('set-cookie')).to.equal(undefined)
        expect(scene.api.seen).to.deep.equal([])
      })
    }

    it('needs no proof against CSRF', async () => {
      const browser = await scene.signedIn()
      const options = { method: 'POST', headers: { authorization: `Bearer ${alices()}` }, body: '{}' }
      expect((await browser.fetch(`${scene.url}/api/orders`, options)).status).to.equal(200)
    })

    it('is refused where only people may come, though the cookie would do', async () => {
      const browser = await scene.signedIn()
      const headers = { authorization: `Bearer ${alices()}` }
      const page = await browser.fetch(`${scene.url}/api/people`, { headers })
      expect(page.status).to.equal(401)
      expect(page.header('www-authenticate')).to.equal(INVALID)
      expect((await browser.fetch(`${scene.url}/api/people`)).status).to.equal(200)
    })

    it('does not matter on a public route, and is not forwarded there', async () => {
      for (const value of ['Bearer bad', `Bearer ${alices()}`, 'Basic YTpi']) {
        const answer = await ask(value, '/api/public')
        expect(answer.status).to.equal(200)
        expect(scene.api.last().header('authorization')).to.equal(undefined)
      }
    })
  })

  it('is asked for where there is none', async () => {
    const answer = await ask(undefined)
    expect(answer.status).to.equal(401)
    expect(answer.header('www-authenticate')).to.equal(NO_TOKEN)
    expect(answer.json().error.code).to.equal('AUTHENTICATION_REQUIRED')
    const people = await ask(undefined, '/api/people')
    expect(people.header('www-authenticate')).to.equal(undefined)
  })
})
