import { expect } from 'chai'
import fc from 'fast-check'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { BASIC, badClients, badForms, FORM, GRANT } from './bad-requests.ts'

describe('the OAuth endpoints refuse', () => {
  let scene: Scene
  let raw: RawClient
  before(async () => {
    scene = await setScene()
    raw = rawClient(scene.gateway.port)
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  for (const [what, endpoint, request, status, error] of [...badForms, ...badClients]) {
    it(`${what} (${endpoint.split('?')[0]})`, async () => {
      const answer = await raw.ask({ method: 'POST', target: `/api/v1/auth/${endpoint}`, ...request })
      expect([answer.status, answer.json().error]).to.deep.equal([status, error])
      expect(Object.keys(answer.json())).to.deep.equal(['error', 'error_description'])
      expect(answer.header('cache-control')).to.equal('no-store')
      expect(answer.header('www-authenticate')?.startsWith('Basic ')).to.equal(status === 401 ? true : undefined)
      for (const called of ['token', 'introspect', 'revoke'] as const)
        expect(scene.provider.calls(called)).to.deep.equal([])
    })
  }

  it('two Authorization headers, other methods and other paths', async () => {
    const headers = { 'Content-Type': FORM, Authorization: [BASIC, BASIC] }
    const twice = await raw.ask({ method: 'POST', target: '/api/v1/auth/token', headers, body: GRANT })
    expect(twice.status).to.equal(400)
    // More than one credential is an error of OAuth (RFC 6749 section 5.2).
    expect(twice.json().error).to.equal('invalid_request')
    expect([twice.header('cache-control'), twice.header('content-type')]).to.deep.equal([
      'no-store',
      'application/json',
    ])
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await raw.ask({ method, target: '/api/v1/auth/token' })
      expect([answer.status, answer.header('allow')]).to.deep.equal([405, 'POST'])
    }
    for (const path of ['', '/', '/token/', '/Token', '/token/introspect', '/tokens'])
      expect((await raw.ask({ method: 'POST', target: `/api/v1/auth${path}` })).status).to.equal(404)
  })

  it('what is too large to be looked at, in the words of OAuth too', async () => {
    const headers = { 'Content-Type': FORM, Authorization: BASIC }
    const body = `${GRANT}&x=${'x'.repeat(110_000)}`
    const answer = await raw.ask({ method: 'POST', target: '/api/v1/auth/token', headers, body })
    expect([answer.status, answer.json().error]).to.deep.equal([413, 'invalid_request'])
  })

  it('whatever else they are sent, without a 500', async () => {
    const names = fc.constantFrom('grant_type', 'scope', 'token', 'client_id', 'client_assertion', '__proto__', 'x')
    const pairs = fc.array(fc.tuple(names, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 6 })
    const endpoint = fc.constantFrom('token', 'introspect', 'revoke')
    await fc.assert(
      fc.asyncProperty(endpoint, pairs, fc.string({ unit: 'binary', maxLength: 40 }), async (at, form, secret) => {
        const body = new URLSearchParams(form).toString()
        const { status } = await fetch(`${scene.url}/api/v1/auth/${at}`, {
          method: 'POST',
          headers: { 'content-type': FORM, authorization: `Basic ${Buffer.from(secret).toString('base64')}` },
          body,
        })
        expect(status).to.be.oneOf([400, 401])
      }),
      { numRuns: 60 },
    )
  })
})
