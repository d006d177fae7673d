import { expect } from 'chai'
import { breakSignature, newSigningKey } from '../../support/jwt-forge.ts'
import { type Scene, setScene } from '../../support/scene.ts'
import type { ScriptedProvider } from '../../support/scripted-provider.ts'
import { the } from '../../support/the.ts'

describe('renewing tokens', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await setScene()
  })
  afterEach(() => scene.stop())

  describe('with an ID token that cannot be trusted ends the session:', () => {
    const claims = (changes: Record<string, unknown>) => (provider: ScriptedProvider) => {
      provider.script.refresh.claims = changes
    }
    const table: [what: string, arrange: (provider: ScriptedProvider) => unknown][] = [
      ['another sub', claims({ sub: the.bob().sub })],
      ['no sub', claims({ sub: undefined })],
      ['another iss', claims({ iss: 'https://evil.example' })],
      ['no iss', claims({ iss: undefined })],
      ['another aud', claims({ aud: 'another-client' })],
      ['another azp', claims({ azp: 'another-client' })],
      ['exp in the past', claims({ exp: 1_000 })],
      ['iat tomorrow', claims({ iat: Math.floor(Date.now() / 1000) + 86_400 })],
      ['a wrong at_hash', claims({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })],
      ['the type of an access token', claims({ typ: 'Bearer' })],
      [
        'a broken signature',
        (provider) => {
          provider.script.idToken.text = breakSignature
        },
      ],
      [
        'a key of someone else',
        async (provider) => {
          provider.script.idToken.sign = { alg: 'RS256', key: (await newSigningKey()).privateKey }
        },
      ],
      [
        'no signature',
        (provider) => {
          provider.script.idToken.header = { alg: 'none' }
          provider.script.idToken.sign = { alg: 'none' }
        },
      ],
    ]
    for (const [what, arrange] of table) {
      it(what, async () => {
        const browser = await scene.signedIn()
        await arrange(scene.provider)
        scene.clock.advance('290s')
        scene.api.forget()
        expect((await scene.call(browser)).status).to.equal(401)
        expect((await browser.fetch(`${scene.url}/session`)).status).to.equal(401)
        expect(scene.api.seen).to.deep.equal([])
        expect(scene.provider.calls('userinfo')).to.deep.equal([])
      })
    }
  })
})
