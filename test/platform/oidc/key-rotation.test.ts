import { expect } from 'chai'
import { type createLocalJWKSet, errors, type JWK } from 'jose'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createKeySet } from '../../../src/platform/oidc/key-set.ts'
import { newSigningKey, type SigningKey } from '../../support/jwt-forge.ts'
import { testClock } from '../../support/test-clock.ts'
import { type FakeIssuer, guardedFetch, paths, startIssuer } from './fake-issuer.ts'

describe('Key rotation', () => {
  let issuer: FakeIssuer
  let first: SigningKey
  let second: SigningKey
  before(async () => {
    ;[first, second] = await Promise.all([newSigningKey('RS256', 'first'), newSigningKey('RS256', 'second')])
  })
  beforeEach(async () => {
    issuer = await startIssuer()
    issuer.keys = [first.publicJwk]
  })
  afterEach(() => issuer.close())

  function start() {
    const clock = testClock()
    const cache = createMemoryCache<ReturnType<typeof createLocalJWKSet>>({ name: 'jwks', ttl: 600, maxSize: 2, clock })
    const jwksUri = async () => issuer.jwksUri
    const onStale = () => undefined
    const keySet = createKeySet({ jwksUri, fetch: guardedFetch(), cache, maxStale: 60, clock, log: silentLog, onStale })
    const find = (kid: string, alg = 'RS256') =>
      keySet({ kid, alg }, { payload: '', signature: '' }).then(
        () => 'found',
        (error: unknown) => {
          if (error instanceof errors.JWKSNoMatchingKey) return 'unknown'
          return error instanceof GatewayError ? error.code : 'refused'
        },
      )
    return { clock, find, fetches: () => issuer.asked(paths.keys) }
  }

  it('is noticed at once: an unknown key id leads to one fetch', async () => {
    const { find, fetches } = start()
    await find('first')
    issuer.keys = [second.publicJwk, first.publicJwk]
    expect(await find('second')).to.equal('found')
    expect(await find('first')).to.equal('found')
    expect(fetches()).to.equal(2)
  })

  it('in the middle of traffic refuses nobody and fetches once', async () => {
    const { find, fetches } = start()
    await find('first')
    issuer.keys = [second.publicJwk, first.publicJwk]
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => find(at % 2 ? 'first' : 'second')))
    expect(new Set(answers)).to.deep.equal(new Set(['found']))
    expect(fetches()).to.equal(2)
  })

  it('leaves tokens of the old key valid while it is published, and not after', async () => {
    const { clock, find } = start()
    await find('first')
    issuer.keys = [second.publicJwk]
    expect(await find('first')).to.equal('found')
    clock.advance('600s')
    expect(await find('first')).to.equal('unknown')
    expect(await find('second')).to.equal('found')
  })

  it('cannot be used to make the gateway fetch: made-up key ids lead to 3 fetches in 30 s', async () => {
    const { clock, find, fetches } = start()
    await find('first')
    for (let at = 0; at < 500; at++) expect(await find(`made-up-${at}`)).to.equal('unknown')
    await Promise.all(Array.from({ length: 500 }, (_, at) => find(`other-${at}`)))
    expect(fetches() - 1).to.be.at.most(3)
    expect(await find('first')).to.equal('found')
    const soFar = fetches()
    clock.advance('30s')
    for (let at = 0; at < 100; at++) await find(`later-${at}`)
    expect(fetches() - soFar).to.be.within(1, 3)
  })

  it('cannot be used so while the provider is down either, and known keys go on working', async () => {
    const { find, fetches } = start()
    await find('first')
    issuer.on(paths.keys, (_req, res) => void res.writeHead(500).end())
    for (let at = 0; at < 200; at++) expect(await find(`made-up-${at}`)).to.equal('JWKS_UNAVAILABLE')
    expect(fetches() - 1).to.be.at.most(3)
    expect(await find('first')).to.equal('found')
  })

  it('passes over keys it cannot use, and finds the ones it can', async () => {
    const enc = { ...second.publicJwk, kid: 'enc', use: 'enc', alg: 'RSA-OAEP' }
    issuer.keys = [
      { kty: 'AKP', kid: 'future', alg: 'ML-DSA-44', pub: 'AA' },
      enc,
      null as unknown as JWK,
      first.publicJwk,
    ]
    const { find } = start()
    expect(await find('first')).to.equal('found')
    expect(await find('enc')).to.equal('unknown')
    expect(await find('enc', 'RSA-OAEP')).to.equal('refused')
    expect(await find('future', 'ML-DSA-44')).not.to.equal('found')
  })

  it('knows keys of every kind that may sign', async () => {
    const keys = await Promise.all(['PS256', 'ES256', 'ES384', 'EdDSA'].map((alg) => newSigningKey(alg, alg)))
    issuer.keys = keys.map(({ publicJwk }) => publicJwk)
    const { find } = start()
    for (const { alg } of keys) expect(await find(alg, alg), alg).to.equal('found')
    expect(await find('ES256', 'RS256')).to.equal('unknown')
  })

  it('takes the public half of a key that was published whole', async () => {
    issuer.keys = [{ ...first.privateKey.export({ format: 'jwk' }), kid: 'first', alg: 'RS256', use: 'sig' }]
    expect(await start().find('first')).to.equal('found')
  })
})
