import { expect } from 'chai'
import * as client from 'openid-client'
import { createMemoryCache } from '../../../../src/platform/cache/memory-cache.ts'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createAdminToken } from '../../../../src/platform/keycloak/admin-api/admin-token.ts'
import { testClock } from '../../../support/test-clock.ts'
import { BASE, cannedKeycloak, config } from '../canned-keycloak.ts'

const PATH = '/realms/demo/protocol/openid-connect/token'

describe("The service account's token", () => {
  const keycloak = cannedKeycloak()
  const answers = (...lives: (number | undefined)[]) => {
    for (const [at, expires_in] of lives.entries())
      keycloak
        .server()
        .post(PATH)
        .reply(200, { access_token: `token ${at}`, token_type: 'Bearer', expires_in })
  }

  function start(ttl = 300) {
    const clock = testClock()
    const cache = createMemoryCache<string>({ name: 'admin_token', ttl, maxSize: 1, clock })
    const token = createAdminToken({
      config,
      configuration: async () => new client.Configuration({ issuer: BASE, token_endpoint: BASE + PATH }, 'cloakroom'),
      fetch: (url, init) => fetch(url, init as RequestInit),
      cache,
    })
    return { clock, cache, token }
  }

  it('is asked for by client credentials, in the name of the service account', async () => {
    const basic = `Basic ${btoa('cloakroom%2Dadmin:secret%2Dof%2Dadmin')}`
    keycloak
      .server()
      .post(PATH, 'grant_type=client_credentials')
      .matchHeader('authorization', basic)
      .reply(200, { access_token: 'token', token_type: 'Bearer', expires_in: 60 })
    expect(await start().token.get()).to.equal('token')
  })

  it('is asked for once, however many need it', async () => {
    answers(60)
    const { token } = start()
    const got = await Promise.all(Array.from({ length: 30 }, () => token.get()))
    expect(new Set(got)).to.deep.equal(new Set(['token 0']))
    expect(keycloak.left()).to.deep.equal([])
  })

  const LIVES: [what: string, expiresIn: number | undefined, ttl: number, kept: string, then: string][] = [
    ['0.8 of its life', 60, 300, '47s', '1s'],
    ['no longer than it was told to', 3600, 300, '299s', '1s'],
    ['for 48 s where the provider does not say', undefined, 300, '47s', '1s'],
  ]
  for (const [what, expiresIn, ttl, kept, then] of LIVES) {
    it(`is kept for ${what}`, async () => {
      answers(expiresIn, 60)
      const { clock, token } = start(ttl)
      await token.get()
      clock.advance(kept)
      expect(await token.get()).to.equal('token 0')
      clock.advance(then)
      expect(await token.get()).to.equal('token 1')
    })
  }

  for (const [what, expiresIn, ttl] of [
    ['it lives for no time at all', 0, 300],
    ['the cache is off', 60, 0],
  ] as const) {
    it(`is not kept when ${what}`, async () => {
      answers(expiresIn, 60)
      const { token } = start(ttl)
      expect([await token.get(), await token.get()]).to.deep.equal(['token 0', 'token 1'])
    })
  }

  it('is asked for anew when Keycloak no longer accepts it', async () => {
    answers(60, 60)
    const { token } = start()
    await token.get()
    token.forget()
    expect(await token.get()).to.equal('token 1')
  })

  it('that was on its way when the cache was cleared does not come back', async () => {
    answers(60, 60)
    const { token, cache } = start()
    const before = token.get()
    cache.clear()
    expect(await before).to.equal('token 0')
    expect(await token.get()).to.equal('token 1')
  })

  const FAILURES: [what: string, status: number, body: object, code: string][] = [
    ['a wrong secret', 401, { error: 'invalid_client' }, 'KEYCLOAK_REFUSED'],
    ['a client without a service account', 400, { error: 'unauthorized_client' }, 'KEYCLOAK_REFUSED'],
    ['a Keycloak that fails', 500, {}, 'KEYCLOAK_UNAVAILABLE'],
    ['a Keycloak that starts', 503, {}, 'KEYCLOAK_UNAVAILABLE'],
  ]
  for (const [what, status, body, code] of FAILURES) {
    it(`is not to be had with ${what}, and is asked for again the next time`, async () => {
      keycloak.server().post(PATH).reply(status, body)
      answers(60)
      const { token } = start()
      const error = (await token.get().catch((thrown: unknown) => thrown)) as GatewayError
      expect(error).to.be.instanceOf(GatewayError)
      expect(error.code).to.equal(code)
      expect(error.reason).to.contain('the admin token was not given')
      expect(await token.get()).to.equal('token 0')
    })
  }
})
