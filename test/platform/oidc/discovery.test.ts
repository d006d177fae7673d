import { expect } from 'chai'
import type { Configuration } from 'openid-client'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import type { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createClientAuth } from '../../../src/platform/oidc/client-auth.ts'
import { createDiscovery } from '../../../src/platform/oidc/discovery.ts'
import { testClock } from '../../support/test-clock.ts'
import { FAILURES, type FakeIssuer, guardedFetch, paths, providerOf, startIssuer } from './fake-issuer.ts'

describe('The discovery of the provider', () => {
  let issuer: FakeIssuer
  beforeEach(async () => {
    issuer = await startIssuer()
  })
  afterEach(() => issuer.close())

  function start({ configured = issuer.issuer, timeoutMs = 5_000, allowHttp = true } = {}) {
    const clock = testClock()
    const warnings: string[] = []
    const provider = providerOf(configured, { allowHttp })
    const cache = createMemoryCache<Configuration>({ name: 'discovery', ttl: 600, maxSize: 1, clock })
    const configuration = createDiscovery({
      provider,
      fetch: guardedFetch(timeoutMs),
      clientAuth: createClientAuth(provider),
      cache,
      clock,
      log: { ...silentLog, warn: (message) => void warnings.push(message) },
    })
    const outcome = (options?: { confirmed: boolean }) =>
      configuration(options).then(
        (found) => found.serverMetadata().token_endpoint ?? 'nothing',
        (error: GatewayError) => error.code,
      )
    return { clock, cache, configuration, outcome, warnings, fetches: () => issuer.asked(paths.discovery) }
  }

  it('asks once, however many want to know, and remembers', async () => {
    const { clock, outcome, fetches } = start()
    expect(fetches()).to.equal(0)
    const answers = await Promise.all(Array.from({ length: 20 }, () => outcome()))
    expect(new Set(answers)).to.deep.equal(new Set([`${issuer.issuer}/token`]))
    clock.advance('599s')
    await outcome()
    expect(fetches()).to.equal(1)
    clock.advance('1s')
    await outcome()
    expect(fetches()).to.equal(2)
  })

  const near: [what: string, change: (text: string) => string][] = [
    ['with a slash at the end', (text) => `${text}/`],
    ['in capitals', (text) => text.replace('demo', 'Demo')],
    ['of another realm', (text) => text.replace('demo', 'demo2')],
    ['over https', (text) => text.replace('http:', 'https:')],
    ['with its port written otherwise', (text) => text.replace('127.0.0.1', '127.0.0.01')],
    ['with a blank', (text) => `${text} `],
    ['of somebody else', () => 'https://evil.test/realms/demo'],
    ['that is not there', () => ''],
  ]
  for (const [what, change] of near) {
    it(`takes the issuer letter by letter: one ${what} is not trusted`, async () => {
      issuer.metadata = { issuer: change(issuer.issuer) }
      const { outcome } = start()
      expect(await outcome()).to.equal('LOGIN_ANSWER_INVALID')
      issuer.metadata = {}
      expect(await outcome()).to.equal(`${issuer.issuer}/token`)
    })
  }

  it('tells the operator which issuer it found and which it wanted', async () => {
    issuer.metadata = { issuer: `${issuer.issuer}/` }
    const error = (await start()
      .configuration()
      .catch((thrown: unknown) => thrown)) as GatewayError
    expect(error.reason).to.contain(issuer.issuer)
    expect(error.message).not.to.contain(issuer.issuer)
  })

  it('knows issuers with a slash at the end', async () => {
    issuer.metadata = { issuer: `${issuer.issuer}/` }
    expect(await start({ configured: `${issuer.issuer}/` }).outcome()).to.equal(`${issuer.issuer}/token`)
  })

  const meaning: Record<string, string> = {
    'a 404': 'LOGIN_ANSWER_INVALID',
    'a redirect': 'LOGIN_ANSWER_INVALID',
    'an HTML page with 200': 'LOGIN_ANSWER_INVALID',
    'an empty answer': 'LOGIN_ANSWER_INVALID',
  }
  for (const [what, answer] of Object.entries(FAILURES)) {
    // Only silence is waited for; good answers must come in time on a busy machine, too.
    const timeoutMs = what === 'silence' ? 1_500 : 10_000
    it(`with ${what} fails as it should, and recovers without a restart`, async () => {
      const { outcome } = start({ timeoutMs })
      issuer.on(paths.discovery, answer)
      expect(await outcome()).to.equal(meaning[what] ?? 'KEYCLOAK_UNAVAILABLE')
      issuer.heal()
      expect(await outcome()).to.equal(`${issuer.issuer}/token`)
    })

    it(`with ${what} when its time is over goes on with the last good answer`, async () => {
      const { clock, outcome, warnings } = start({ timeoutMs })
      await outcome()
      clock.advance('601s')
      issuer.on(paths.discovery, answer)
      expect(await outcome()).to.equal(`${issuer.issuer}/token`)
      expect(warnings).to.have.length(1)
      issuer.heal()
      issuer.metadata = { token_endpoint: `${issuer.issuer}/new-token` }
      expect(await outcome()).to.equal(`${issuer.issuer}/new-token`)
    })
  }

  it('goes on with the last good answer after an operator cleared the cache, too', async () => {
    const { cache, outcome } = start()
    await outcome()
    cache.clear()
    issuer.on(paths.discovery, (_req, res) => void res.writeHead(500).end())
    expect(await outcome()).to.equal(`${issuer.issuer}/token`)
  })

  it('asks again for a login unless the provider answered a moment ago, and then tells the truth', async () => {
    const { clock, outcome, fetches } = start()
    await outcome()
    await outcome({ confirmed: true })
    expect(fetches()).to.equal(1)
    clock.advance('5s')
    await outcome({ confirmed: true })
    expect(fetches()).to.equal(2)
    clock.advance('5s')
    issuer.on(paths.discovery, (_req, res) => void res.writeHead(503).end())
    expect(await outcome({ confirmed: true })).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(await outcome()).to.equal(`${issuer.issuer}/token`)
  })

  it('refuses plain http where it is not allowed', async () => {
    expect(await start({ allowHttp: false }).outcome()).to.equal('LOGIN_ANSWER_INVALID')
    expect(issuer.asked(paths.discovery)).to.equal(0)
  })
})
