import { expect } from 'chai'
import fc from 'fast-check'
import type { SeenRequest } from '../support/echo-upstream.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import { type Scene, type SceneOptions, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'
import { ordinaryNames, reservedNames, spelled } from './header-tables.ts'

const HOSTILE = 'written-by-the-client'
/** What the gateway writes for a bearer on a guarded route. */
const OWN = ['host', 'authorization', 'x-user-id', 'x-user-name', 'x-user-roles', 'x-request-id', 'traceparent']
const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']

const fold = (name: string) => name.toLowerCase().replace(/[_.]/g, '-')
const disguises = fc.array(fc.constantFrom(...reservedNames).chain(spelled), { minLength: 1, maxLength: 15 })
const nominations = fc.uniqueArray(fc.constantFrom(...OWN, ...FORWARDED, 'x-tenant-id', 'cookie', 'x-custom', 'close'))

describe('Headers that only the gateway may write', () => tell({}))
describe('Headers that only the gateway may write, towards HTTP/2', () => tell({ http2: true }))

function tell(options: Pick<SceneOptions, 'http2'>): void {
  let scene: Scene
  let client: RawClient
  before(async () => {
    scene = await setScene(options)
    client = rawClient(scene.gateway.port)
  })
  after(() => scene.stop())

  async function sent(target: string, headers: Record<string, string | string[]>): Promise<SeenRequest> {
    const answer = await client.ask({ method: 'POST', target, headers, body: 'hello' })
    expect(answer.status).to.equal(200)
    expect(scene.api.last().version).to.equal(options.http2 ? '2.0' : '1.1')
    return scene.api.last()
  }

  function expectNothingHostile(seen: SeenRequest, allowed: readonly string[]): void {
    const reserved = new Set(reservedNames.map(fold))
    const found = seen.names().filter((name) => reserved.has(fold(name)) && !allowed.includes(name))
    expect(found).to.deep.equal([])
    for (const name of allowed) expect(seen.values(name).length, name).to.be.at.most(1)
    expect(seen.rawHeaders).not.to.include(HOSTILE)
  }

  for (const expecting of [{}, { Expect: '100-continue' }])
    describe('Expect' in expecting ? 'with Expect: 100-continue' : 'without Expect', () => {
      it('do not pass a public route, in whatever spelling', () =>
        fc.assert(
          fc.asyncProperty(disguises, async (names) => {
            const hostile = Object.fromEntries(names.map((name) => [name, [HOSTILE, HOSTILE]]))
            const seen = await sent('/api/public', { ...hostile, ...expecting })
            expectNothingHostile(seen, [...FORWARDED, 'x-request-id', 'traceparent'])
          }),
          { numRuns: 80 },
        ))

      it('do not pass a guarded route, and do not double what the gateway writes', () =>
        fc.assert(
          fc.asyncProperty(disguises, nominations, async (names, nominated) => {
            const token = scene.provider.accessToken()
            const hostile = Object.fromEntries(names.map((name) => [name, HOSTILE]))
            const own = { Authorization: `Bearer ${token}`, Connection: nominated.join(', ') || 'keep-alive' }
            const seen = await sent('/api/orders', { ...hostile, ...own, ...expecting })
            expectNothingHostile(seen, [...OWN, ...FORWARDED])
            for (const name of [...OWN, ...FORWARDED]) expect(seen.values(name), name).to.have.length(1)
            expect(seen.header('authorization')).to.equal(`Bearer ${token}`)
            expect(seen.header('x-user-id')).to.equal(the.alice().sub)
            expect(seen.header('x-user-roles')).to.equal('realm:customer,client:orders-api:reader')
            expect(seen.header('host')).to.equal(`127.0.0.1:${scene.api.port}`)
            expect(seen.header('x-forwarded-host')).to.equal(`localhost:${scene.gateway.port}`)
          }),
          { numRuns: 80 },
        ))
    })

  it('are the only ones that are taken from the client', async () => {
    const headers = Object.fromEntries(ordinaryNames.map((name) => [name, 'of-the-client']))
    const seen = await sent('/api/public', headers)
    for (const name of ordinaryNames) expect(seen.values(name), name).to.deep.equal(['of-the-client'])
  })

  it('cannot be written by a cookie, a trailer or a query', async () => {
    const seen = await sent('/api/public?x-user-id=root', { Cookie: 'X-User-Id=root; a=b' })
    expect(seen.names()).not.to.include('x-user-id').and.not.to.include('cookie')
  })

  it('leave no trace of a credential on a public route', async () => {
    for (const authorization of ['Bearer stolen', 'Basic eDp5', 'garbage', ''])
      expect((await sent('/api/public', { Authorization: authorization })).names()).not.to.include('authorization')
    for (const cookie of ['cloakroom=s%3Aabc.def', 'cloakroom=; cloakroom=', '__Host-cloakroom=x', ';;;'])
      expect((await sent('/api/public', { Cookie: cookie })).names()).not.to.include('cookie')
  })

  it('are what an upstream gets and nothing else: a whole request of a browser', async () => {
    const browser = await scene.signedIn()
    await scene.call(browser)
    const seen = scene.api.last()
    const ofTheGateway = [...OWN, ...FORWARDED, 'connection']
    const ofTheBrowser = seen.names().filter((name) => !ofTheGateway.includes(name))
    expect(ofTheBrowser).to.satisfy((names: string[]) => names.every((name) => /^(accept|user-agent|sec-)/.test(name)))
    expect(seen.names()).to.include.members(OWN)
  })
}
