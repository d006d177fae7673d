import { expect } from 'chai'
import { newSigningKey } from '../../support/jwt-forge.ts'
import { type Scene, setScene } from '../../support/scene.ts'

describe('the keys that bearer tokens are checked with', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await setScene({ env: { JWT_ALGORITHMS: 'RS256,ES256,PS256,EdDSA' } })
  })
  afterEach(() => scene.stop())

  const fetched = () => scene.provider.calls('jwks').length
  const status = async (token = scene.provider.accessToken()) => (await scene.bearer(token)).status
  const withKid = (kid: string) => scene.provider.accessToken({ header: { kid } })

  it('are fetched once, however many ask at once', async () => {
    const tokens = Array.from({ length: 50 }, () => scene.provider.accessToken())
    expect(new Set(await Promise.all(tokens.map(status)))).to.deep.equal(new Set([200]))
    expect(fetched()).to.equal(1)
    scene.clock.advance('9m')
    expect(await status()).to.equal(200)
    expect(fetched()).to.equal(1)
    scene.clock.advance('2m')
    expect(await status()).to.equal(200)
    expect(fetched()).to.equal(2)
  })

  it('may rotate during traffic: nobody is refused, and one fetch is enough', async () => {
    const old = scene.provider.accessToken()
    expect(await status(old)).to.equal(200)
    await scene.provider.rotateKeys({ keepOld: true })
    const tokens = Array.from({ length: 100 }, () => scene.provider.accessToken())
    const statuses = await Promise.all([...tokens, old].map(status))
    expect(new Set(statuses)).to.deep.equal(new Set([200]))
    expect(fetched()).to.equal(2)
  })

  it('may rotate right after a fetch: an unknown key id is worth a fetch at once', async () => {
    for (let i = 1; i <= 4; i++) {
      expect(await status()).to.equal(200)
      expect(fetched()).to.equal(i)
      if (i < 4) await scene.provider.rotateKeys({ keepOld: true })
    }
  })

  it('are not fetched for a flood of made-up key ids more than 3 times in 30 s, and good tokens stay good', async () => {
    const good = scene.provider.accessToken()
    expect(await status(good)).to.equal(200)
    for (let round = 0; round < 5; round++) {
      const flood = Array.from({ length: 200 }, (_, i) => withKid(`made-up-${round}-${i}`))
      expect(new Set(await Promise.all(flood.map(status)))).to.deep.equal(new Set([401]))
    }
    expect(fetched()).to.be.at.most(1 + 3)
    expect(await status()).to.equal(200)
    scene.clock.advance('31s')
    await scene.provider.rotateKeys({ keepOld: true })
    expect(await status()).to.equal(200)
  })

  it('that are withdrawn open nothing once the key set is fetched again', async () => {
    const old = scene.provider.accessToken({ claims: { exp: Math.floor(scene.clock.now() / 1000) + 3_600 } })
    expect(await status(old)).to.equal(200)
    await scene.provider.rotateKeys({ keepOld: false })
    scene.clock.advance('11m')
    expect(await status(old)).to.equal(401)
    expect(await status()).to.equal(200)
  })

  it('stay in use while the provider fails, for an hour after their time and no longer', async () => {
    const exp = Math.floor(scene.clock.now() / 1000) + 10_000
    const fresh = () => scene.provider.accessToken({ claims: { exp } })
    expect(await status(fresh())).to.equal(200)
    scene.provider.reply('jwks', { status: 500 })
    scene.clock.advance('11m')
    expect(await status(fresh())).to.equal(200)
    scene.clock.advance('58m')
    expect(await status(fresh())).to.equal(200)
    scene.clock.advance('2m')
    const page = await scene.bearer(fresh())
    expect(page.status).to.equal(503)
    expect(page.json().error.code).to.equal('JWKS_UNAVAILABLE')
    expect(page.header('retry-after')).to.match(/^\d+$/)
  })

  for (const [what, reply] of [
    ['an empty key set', { body: { keys: [] } }],
    ['HTML', { body: '<h1>maintenance</h1>' }],
    ['a redirect', { status: 302, headers: { location: '/jwks' } }],
    ['10 MB', { body: { keys: [], filler: 'x'.repeat(10_000_000) } }],
    ['nothing', 'hang-up'],
  ] as const) {
    it(`stay in use when the provider sends ${what} instead`, async () => {
      expect(await status()).to.equal(200)
      scene.provider.reply('jwks', reply)
      scene.clock.advance('11m')
      expect(await status()).to.equal(200)
      expect(await status(withKid('unknown'))).to.equal(503)
      expect(await status()).to.equal(200)
    })
  }

  it('that were never had are 503, not 401, and are had as soon as the provider is back', async () => {
    await scene.provider.goAway()
    const page = await scene.bearer(scene.provider.accessToken())
    expect(page.status).to.equal(503)
    expect(page.json().error.code).to.equal('JWKS_UNAVAILABLE')
    expect(page.header('www-authenticate')).to.equal(undefined)
    await scene.provider.comeBack()
    scene.clock.advance('3s')
    expect(await status()).to.equal(200)
  })

  it('that take too long are 503', async function () {
    this.timeout(20_000)
    const hold = scene.provider.hold('jwks')
    const page = await scene.bearer(scene.provider.accessToken())
    expect(page.status).to.equal(503)
    hold.release()
  })

  it('are asked of a provider that is down at most once in a while, however many call', async () => {
    scene.provider.reply('jwks', { status: 500 })
    for (let i = 0; i < 20; i++) expect(await status()).to.equal(503)
    expect(fetched()).to.be.at.most(2)
  })

  for (const alg of ['ES256', 'EdDSA']) {
    it(`may be of another kind that is allowed: ${alg}`, async () => {
      await scene.provider.rotateKeys({ alg })
      expect(await status()).to.equal(200)
    })
  }

  it('are all tried when a token names none and several fit', async () => {
    const old = scene.provider.accessToken({ header: { kid: undefined } })
    await scene.provider.rotateKeys({ keepOld: true })
    expect(await status(old)).to.equal(200)
    expect(await status(scene.provider.accessToken({ header: { kid: undefined } }))).to.equal(200)
    const stranger = await newSigningKey()
    const forged = { header: { kid: undefined }, sign: { alg: 'RS256', key: stranger.privateKey } }
    expect(await status(scene.provider.accessToken(forged))).to.equal(401)
  })

  it('count only with the algorithm they are published for', async () => {
    const { key, ...sign } = { key: scene.provider.key().privateKey, alg: 'PS256' }
    const token = scene.provider.accessToken({ header: { alg: 'PS256' }, sign: { ...sign, key } })
    expect(await status(token)).to.equal(401)
  })
})
