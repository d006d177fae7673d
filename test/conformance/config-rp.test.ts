import { expect } from 'chai'
import { type Run, startRun } from './relying-party.ts'

/** Modules of `oidcc-client-config-certification-test-plan`, by their names. */
describe('oidcc-client-config-certification-test-plan', () => {
  let run: Run
  beforeEach(async () => {
    run = await startRun()
  })
  afterEach(() => run.stop())

  it('oidcc-client-test-discovery-openid-config: the first call is for the discovery document', async () => {
    await run.visit()
    const { pathname } = new URL(run.provider.issuer)
    expect(run.provider.journal[0]).to.include({
      endpoint: 'discovery',
      method: 'GET',
      target: `${pathname}.well-known/openid-configuration`,
    })
  })

  it('oidcc-client-test-discovery-jwks-uri-keys: keys come from the address the document names', async () => {
    run.provider.script.discovery = (document) => ({ ...document, jwks_uri: `${document.jwks_uri}?random=4711` })
    await run.accepted(await run.visit())
    expect(run.provider.calls('jwks', { random: '4711' })).to.have.length(1)
    expect(run.provider.calls('jwks')).to.have.length(1)
  })

  it('oidcc-client-test-discovery-issuer-mismatch: nobody is sent to the authorization endpoint', async () => {
    run.provider.script.discovery = (document) => ({ ...document, issuer: `${document.issuer}invalid` })
    await run.refused(await run.visit())
    expect(run.provider.calls('authorize')).to.deep.equal([])
  })

  it('oidcc-client-test-idtoken-sig-none', async () => {
    run.provider.script.idToken.header = { alg: 'none' }
    run.provider.script.idToken.sign = { alg: 'none' }
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-signing-key-rotation-just-before-signing: within the same login', async () => {
    await run.bearer(run.provider.accessToken())
    expect(run.provider.calls('jwks')).to.have.length(1)
    const browser = run.newBrowser()
    const tab = await browser.open(`${run.url}/api/orders`, { until: (url) => url.includes('/callback') })
    await run.provider.rotateKeys()
    await run.accepted({ browser, page: await browser.goOn(tab) })
    expect(run.provider.calls('jwks')).to.have.length(2)
  })

  it('oidcc-client-test-signing-key-rotation: the second of two logins at once after the keys changed', async () => {
    await run.accepted(await run.visit())
    await run.provider.rotateKeys()
    await run.accepted(await run.visit())
    expect(run.provider.calls('jwks')).to.have.length(2)
  })

  it('oidcc-client-test-signing-key-rotation, and the first session goes on', async () => {
    const first = await run.visit()
    await run.provider.rotateKeys()
    await run.accepted(await run.visit())
    expect((await run.call(first.browser)).status).to.equal(200)
    run.clock.advance('290s')
    expect((await run.call(first.browser)).status).to.equal(200)
  })
})
