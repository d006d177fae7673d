import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'
import { oauthClient } from './oauth-client.ts'

describe('POST /api/v1/auth/revoke', () => {
  let scene: Scene
  let post: ReturnType<typeof oauthClient>
  before(async () => {
    scene = await setScene()
    post = oauthClient(scene.url)
  })
  after(() => scene.stop())
  beforeEach(() => {
    scene.provider.reset()
    scene.clock.advance('31s')
  })

  const own = (claims: Record<string, unknown> = {}) =>
    scene.provider.accessToken({ claims: { azp: the.clientId, ...claims } })
  const call = async (token: string) => (await scene.bearer(token)).status

  it('takes a token back at once, although it was remembered', async () => {
    const [token, other] = [own(), own()]
    expect(await call(token)).to.equal(200)
    const { status, text, headers } = await post('revoke', { token, token_type_hint: 'access_token' })
    expect([status, text, headers.get('cache-control')]).to.deep.equal([200, '', 'no-store'])
    const page = await scene.bearer(token)
    expect(page.status).to.equal(401)
    expect(page.header('www-authenticate')).to.include('error="invalid_token"')
    expect(page.json().error.code).to.equal('TOKEN_INVALID')
    expect(await call(other)).to.equal(200)
    const [asked] = scene.provider.calls('revoke')
    expect(Object.fromEntries(asked?.form ?? [])).to.deep.equal({ token, token_type_hint: 'access_token' })
    expect((await post('revoke', { token })).status).to.equal(200)
  })

  it('takes one without jti back by what its signature covers, however the signature is written', async () => {
    await scene.provider.rotateKeys({ alg: 'ES256', kid: 'curve' })
    const token = own({ jti: undefined })
    const variants = [token, withOtherSignature(token)]
    for (const variant of variants) expect(await call(variant)).to.equal(200)
    expect((await post('revoke', { token })).status).to.equal(200)
    for (const variant of variants) expect(await call(variant)).to.equal(401)
    expect(await call(own({ jti: undefined, sub: 'another' }))).to.equal(200)
    await scene.provider.rotateKeys({ kid: 'first' })
    scene.clock.advance('31s')
  })

  it('keeps it off until its last second is over, leeway included', async () => {
    const token = own({ exp: Math.floor(scene.clock.now() / 1000) + 3_600 })
    await post('revoke', { token })
    for (const by of ['1s', '59m', '59s', '29s'] as const) {
      scene.clock.advance(by)
      expect(await call(token)).to.equal(401)
    }
  })

  describe('with a refresh token', () => {
    const refresh = (claims: Record<string, unknown> = {}) =>
      forged({
        typ: 'Refresh',
        azp: the.clientId,
        sid: 'at-home',
        iat: Math.floor(scene.clock.now() / 1000),
        ...claims,
      })

    it('ends the access tokens of its grant, and no others (RFC 7009 section 2.1)', async () => {
      const ended = own({ sid: 'at-home' })
      const others = [own({ sid: 'at-work' }), own({ sid: 'at-home', azp: 'another' }), own()]
      for (const token of [ended, ...others]) expect(await call(token)).to.equal(200)
      expect((await post('revoke', { token: refresh(), token_type_hint: 'refresh_token' })).status).to.equal(200)
      expect(await call(ended)).to.equal(401)
      for (const token of others) expect(await call(token)).to.equal(200)
      scene.clock.advance('1s')
      expect(await call(own({ sid: 'at-home' }))).to.equal(200)
    })

    it('that is not good, not its own, or no refresh token at all, ends nothing', async () => {
      const token = own({ sid: 'elsewhere' })
      const sid = { sid: 'elsewhere' }
      scene.provider.reply('revoke', { body: { error: 'invalid_token', error_description: 'Invalid token' } })
      await post('revoke', { token: refresh(sid) })
      for (const claims of [{ azp: 'another' }, { azp: undefined }, { typ: 'Bearer' }, { sid: undefined }, { sid: 7 }])
        expect((await post('revoke', { token: refresh({ ...sid, ...claims }) })).status).to.equal(200)
      expect(await call(token)).to.equal(200)
    })
  })

  it('answers 200 to what is no token, or none any more', async () => {
    const expired = own({ exp: 1 })
    for (const token of ['garbage', 'a.b.c', expired, own({ iss: 'https://other.example' })])
      expect((await post('revoke', { token })).status).to.equal(200)
    scene.provider.reply('revoke', { body: { error: 'invalid_token', error_description: 'Invalid token' } })
    expect((await post('revoke', { token: 'garbage' })).text).to.equal('')
  })

  it('takes a token back that the provider does not know any more but the gateway would accept', async () => {
    const token = own()
    scene.provider.reply('revoke', { body: { error: 'invalid_token' } })
    expect((await post('revoke', { token })).status).to.equal(200)
    expect(await call(token)).to.equal(401)
  })

  it('leaves the tokens of other clients alone, whatever the provider says', async () => {
    for (const claims of [{ azp: 'another' }, { azp: 'another', client_id: 'another' }, { client_id: 'another' }]) {
      const token = own(claims)
      const { status, body } = await post('revoke', { token })
      expect([status, body.error]).to.deep.equal([400, 'invalid_request'])
      expect(await call(token)).to.equal(200)
    }
    scene.provider.reply('revoke', {
      status: 400,
      body: { error: 'invalid_request', error_description: 'Unmatching clients' },
    })
    const answer = await post('revoke', { token: own({ azp: 'another' }) })
    expect(answer.body).to.deep.equal({ error: 'invalid_request', error_description: 'Unmatching clients' })
  })

  it('says when it cannot tell whose token it is', async () => {
    const token = own({ azp: undefined })
    expect((await post('revoke', { token })).body.error).to.equal('unsupported_token_type')
    expect(await call(token)).to.equal(200)
  })

  it('revokes nothing for a client that is not who it says', async () => {
    const token = own()
    for (const basic of [null, 'cloakroom:wrong'])
      expect((await post('revoke', { token }, { basic })).status).to.equal(401)
    expect(await call(token)).to.equal(200)
  })

  it('says 503 when it cannot check the token, because then it may go on being accepted', async () => {
    scene.provider.reply('jwks', { status: 500, body: 'down' })
    scene.clock.advance('2h')
    const { status, body, headers } = await post('revoke', { token: own() })
    expect([status, body.error]).to.deep.equal([503, 'temporarily_unavailable'])
    expect(headers.get('retry-after')).to.match(/^\d+$/)
  })
})

/** A token that only the provider can check. */
function forged(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'HS512' })}.${part(claims)}.c2ln`
}

/** The other one of the two signatures of an ECDSA token: s is replaced by n - s. */
function withOtherSignature(token: string): string {
  const [header, payload, text = ''] = token.split('.')
  const bytes = Buffer.from(text, 'base64url')
  const n = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const s = n - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  return `${header}.${payload}.${other.toString('base64url')}`
}
