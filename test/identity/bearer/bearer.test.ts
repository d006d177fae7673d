import { expect } from 'chai'
import { type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { type Scene, setScene } from '../../support/scene.ts'
import { the } from '../../support/the.ts'
import { claimTable, kinds } from './refused-claims.ts'
import { algorithms, keys, type RefusedToken, shapes } from './refused-tokens.ts'

const INVALID =
  'Bearer realm="cloakroom", error="invalid_token", error_description="the access token is not valid here"'
const EXPIRED = 'Bearer realm="cloakroom", error="invalid_token", error_description="the access token has expired"'

describe('a bearer token', () => {
  let scene: Scene
  let evil: EchoUpstream
  before(async () => {
    scene = await setScene()
    evil = await startEchoUpstream()
  })
  after(async () => {
    await scene.stop()
    await evil.stop()
  })
  beforeEach(() => {
    scene.provider.reset()
    scene.api.forget()
    // The budget for unknown key ids is another test's business.
    scene.clock.advance('31s')
  })

  const make = (...args: Parameters<typeof scene.provider.accessToken>) => scene.provider.accessToken(...args)
  const seconds = () => Math.floor(scene.clock.now() / 1000)

  it('opens the API, which gets that very token and who it speaks for', async () => {
    const token = make()
    const page = await scene.bearer(token)
    expect(page.status).to.equal(200)
    expect(scene.relayed()).to.equal(token)
    expect(scene.api.last().header('x-user-id')).to.equal(the.alice().sub)
    expect(scene.api.last().header('x-user-name')).to.equal('alice')
    expect(page.header('set-cookie')).to.equal(undefined)
  })

  describe('is accepted', () => {
    const good: Record<string, () => string> = {
      'with header typ at+jwt': () => make({ header: { typ: 'at+jwt' } }),
      'with header typ JWT': () => make({ header: { typ: 'JWT' } }),
      'without header typ': () => make({ header: { typ: undefined } }),
      'without claim typ': () => make({ claims: { typ: undefined } }),
      'with its audience alone': () => make({ claims: { aud: the.audience } }),
      'with its audience among others': () => make({ claims: { aud: ['a', 'b', the.audience] } }),
      'with nbf now': () => make({ claims: { nbf: seconds() } }),
      'issued within the leeway': () => make({ claims: { iat: seconds() + 29 } }),
      'expired within the leeway': () => make({ claims: { exp: seconds() - 29 } }),
      'with fractions of seconds': () => make({ claims: { exp: seconds() + 60.5, iat: seconds() - 0.5 } }),
      'with claims nobody knows': () => make({ claims: { act: { sub: 'x' }, organization: ['a'], x: null } }),
      'with a claim nested 1,500 deep': () =>
        make({
          payload: (all) =>
            JSON.stringify({ ...all, deep: 0 }).replace('"deep":0', `"deep":${'['.repeat(1_500)}${']'.repeat(1_500)}`),
        }),
      'without kid, while there is one key': () => make({ header: { kid: undefined } }),
      'with names from Object.prototype': () =>
        make({ payload: (all) => JSON.stringify(all).replace('{', '{"__proto__":{"roles":["admin"]},') }),
    }
    for (const [what, token] of Object.entries(good)) {
      it(what, async () => expect((await scene.bearer(token())).status).to.equal(200))
    }
  })

  const table: Record<string, RefusedToken[]> = {
    'because of its algorithm': algorithms,
    'because of its key': keys,
    'because of its shape': shapes,
    'because it is of another kind': kinds,
    'because of its claims': claimTable,
  }
  for (const [why, tokens] of Object.entries(table)) {
    describe(`is refused ${why}:`, () => {
      for (const { what, token } of tokens) {
        it(what, async () => {
          const { key, issuer } = { key: scene.provider.key(), issuer: scene.provider.issuer }
          const text = await token(make(), { key, issuer, evil: evil.origin, make })
          const page = await scene.bearer(text)
          expect(page.status).to.equal(401)
          expect(page.header('www-authenticate')).to.equal(INVALID)
          expect(page.json().error).to.include({
            code: 'TOKEN_INVALID',
            message: 'The access token is not valid here.',
          })
          expect(page.json().error.details).to.deep.equal({})
          expect(scene.api.seen).to.deep.equal([])
          expect(evil.seen).to.deep.equal([])
          expect(scene.gateway.logText()).not.to.include(text.split('.')[1] || 'no-payload')
        })
      }
    })
  }

  describe('that has expired says so', () => {
    for (const [what, exp] of [
      ['31 s ago', () => seconds() - 31],
      ['long ago', () => 0],
      ['before the epoch', () => -1],
    ] as const) {
      it(what, async () => {
        const page = await scene.bearer(make({ claims: { exp: exp() } }))
        expect(page.status).to.equal(401)
        expect(page.json().error.code).to.equal('TOKEN_EXPIRED')
        expect(page.header('www-authenticate')).to.equal(EXPIRED)
      })
    }

    it('also when it was good a moment ago', async () => {
      const token = make({ claims: { exp: seconds() + 60 } })
      expect((await scene.bearer(token)).status).to.equal(200)
      scene.clock.advance('89s')
      expect((await scene.bearer(token)).status).to.equal(200)
      scene.clock.advance('2s')
      expect((await scene.bearer(token)).json().error.code).to.equal('TOKEN_EXPIRED')
    })
  })

  it('of too many characters for one header is 431', async () => {
    const page = await scene.bearer(make({ claims: { long: 'x'.repeat(15_000) } }))
    expect(page.status).to.equal(431)
  })

  it('is verified once and remembered, but never under another token’s name', async () => {
    const token = make()
    for (let i = 0; i < 5; i++) expect((await scene.bearer(token)).status).to.equal(200)
    const other = make({ claims: { sub: the.bob().sub, preferred_username: 'bob' } })
    expect((await scene.bearer(other, '/me')).json().data.user.username).to.equal('bob')
    expect((await scene.bearer(token, '/me')).json().data.user.username).to.equal('alice')
    expect((await scene.bearer(`${token}x`)).status).to.equal(401)
  })
})
