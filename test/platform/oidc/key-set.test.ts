import { expect } from 'chai'
import { type createLocalJWKSet, errors } from 'jose'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createKeySet } from '../../../src/platform/oidc/key-set.ts'
import { newSigningKey, type SigningKey } from '../../support/jwt-forge.ts'
import { testClock } from '../../support/test-clock.ts'
import { FAILURES, type FakeIssuer, guardedFetch, paths, startIssuer } from './fake-issuer.ts'

describe("The provider's key set", () => {
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

  function start({ ttl = 600, maxStale = 3_600, timeoutMs = 5_000 } = {}) {
    const clock = testClock()
    const cache = createMemoryCache<ReturnType<typeof createLocalJWKSet>>({
      name: 'jwks',
      ttl,
      maxSize: 2,
      clock,
      keepStale: maxStale,
    })
    let stale = 0
    const keySet = createKeySet({
      jwksUri: async () => issuer.jwksUri,
      fetch: guardedFetch(timeoutMs),
      cache,
      maxStale,
      clock,
      log: silentLog,
      onStale: () => void stale++,
    })
    /** What looking for a key gives: `found`, `unknown`, or the code of an error. */
    const find = (kid: string, alg = 'RS256') =>
      keySet({ kid, alg }, { payload: '', signature: '' }).then(
        ({ type }) => (type === 'public' ? 'found' : type),
        (error: unknown) => {
          if (error instanceof errors.JWKSNoMatchingKey) return 'unknown'
          return error instanceof GatewayError ? error.code : String(error)
        },
      )
    const fetches = () => issuer.asked(paths.keys)
    return { clock, cache, keySet, find, fetches, stale: () => stale }
  }

  it('is fetched once, however many ask at once, and kept for its time', async () => {
    const { clock, find, fetches } = start({ ttl: 600 })
    const answers = await Promise.all(Array.from({ length: 50 }, () => find('first')))
    expect(new Set(answers)).to.deep.equal(new Set(['found']))
    clock.advance('599s')
    await find('first')
    expect(fetches()).to.equal(1)
    clock.advance('1s')
    await Promise.all([find('first'), find('first')])
    expect(fetches()).to.equal(2)
  })

  it('is fetched each time when its cache is off', async () => {
    const { find, fetches } = start({ ttl: 0 })
    expect([await find('first'), await find('first')]).to.deep.equal(['found', 'found'])
    expect(fetches()).to.equal(2)
  })

  it('stays in use while the provider fails, within its bound', async () => {
    const { clock, find, stale } = start({ ttl: 600, maxStale: 3_600 })
    await find('first')
    issuer.on(paths.keys, (_req, res) => void res.writeHead(500).end())
    clock.advance('4199s')
    expect(await find('first')).to.equal('found')
    expect(stale()).to.equal(1)
    clock.advance('1s')
    expect(await find('first')).to.equal('JWKS_UNAVAILABLE')
  })

  it('is asked for again after a failure, but not with every call', async () => {
    const { clock, find, fetches } = start()
    await find('first')
    issuer.on(paths.keys, (_req, res) => void res.writeHead(503).end())
    clock.advance('601s')
    for (let at = 0; at < 20; at++) await find('first')
    expect(fetches()).to.equal(2)
    clock.advance('2s')
    issuer.heal()
    await find('first')
    expect(fetches()).to.equal(3)
    await find('first')
    expect(fetches()).to.equal(3)
  })

  it('cannot tell of an unknown key while the provider fails, however often it is asked', async () => {
    const { clock, find, fetches } = start()
    await find('first')
    issuer.on(paths.keys, (_req, res) => void res.writeHead(500).end())
    for (let at = 0; at < 20; at++) expect(await find(`unknown-${at}`)).to.equal('JWKS_UNAVAILABLE')
    expect(fetches()).to.equal(4)
    expect(await find('first')).to.equal('found')
    issuer.heal()
    clock.advance('31s')
    expect(await find('unknown')).to.equal('unknown')
  })

  it('that was never there is unavailable, says when to try again, and comes without a restart', async () => {
    const { clock, keySet, find } = start()
    issuer.on(paths.keys, (_req, res) => void res.writeHead(500).end())
    const error = await keySet({ kid: 'first', alg: 'RS256' }, { payload: '', signature: '' }).catch((e: unknown) => e)
    expect(error).to.include({ code: 'JWKS_UNAVAILABLE', status: 503 })
    expect((error as GatewayError).headers).to.have.property('Retry-After')
    issuer.heal()
    clock.advance('2s')
    expect(await find('first')).to.equal('found')
  })

  for (const [what, answer] of Object.entries(FAILURES)) {
    it(`is not replaced by ${what}`, async () => {
      // Only silence is waited for; the good answer must come in time on a busy machine, too.
      const { clock, find } = start({ timeoutMs: what === 'silence' ? 1_500 : 10_000 })
      await find('first')
      clock.advance('601s')
      issuer.on(paths.keys, answer)
      expect(await find('first')).to.equal('found')
      expect(await start({ timeoutMs: 100 }).find('first'), 'cold').to.equal('JWKS_UNAVAILABLE')
    })
  }

  const BROKEN: Record<string, unknown> = {
    'no keys': { keys: [] },
    'no list of keys': {},
    'keys that are no list': { keys: { first: {} } },
    nothing: null,
    'a text': 'keys',
    'keys that are no objects': { keys: [null, 'key', 7, []] },
    'keys of an unknown kind only': { keys: [{ kty: 'PQC', kid: 'first', alg: 'RS256' }] },
    'a symmetric key': { keys: [{ kty: 'oct', kid: 'first', k: 'c2VjcmV0', alg: 'HS256' }] },
    'an RSA key without its modulus': {
      keys: [{ kty: 'RSA', kid: 'first', alg: 'RS256', e: 'AQAB' }],
    },
    'an EC key without its curve': { keys: [{ kty: 'EC', kid: 'first', alg: 'ES256', x: 'AA', y: 'AA' }] },
    'an OKP key without its point': { keys: [{ kty: 'OKP', kid: 'first', alg: 'EdDSA', crv: 'Ed25519' }] },
  }
  for (const [what, body] of Object.entries(BROKEN)) {
    it(`with ${what} is a failed fetch: the last good one stays`, async () => {
      const { clock, find } = start()
      await find('first')
      clock.advance('601s')
      issuer.on(paths.keys, (_req, res) => void res.writeHead(200).end(JSON.stringify(body)))
      expect(await find('first')).to.equal('found')
      expect(await start().find('first'), 'cold').to.equal('JWKS_UNAVAILABLE')
    })
  }

  it('can be made ready before anyone asks', async () => {
    const { keySet, fetches } = start()
    await keySet.warmUp()
    await keySet.warmUp()
    expect(fetches()).to.equal(1)
    issuer.on(paths.keys, (_req, res) => void res.writeHead(500).end())
    const cold = await start()
      .keySet.warmUp()
      .catch((error: GatewayError) => error.code)
    expect(cold).to.equal('JWKS_UNAVAILABLE')
  })

  it('is fetched anew after an operator cleared it', async () => {
    const { cache, find, fetches } = start()
    await find('first')
    cache.clear()
    issuer.keys = [second.publicJwk]
    expect(await find('second')).to.equal('found')
    expect(fetches()).to.equal(2)
  })
})
