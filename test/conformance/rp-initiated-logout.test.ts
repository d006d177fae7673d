import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { type Run, startRun } from './relying-party.ts'

/** Modules of `oidcc-client-rp-initiated-logout-rp-basic`, by their names. */
describe('oidcc-client-rp-initiated-logout-rp-basic', () => {
  let run: Run
  beforeEach(async () => {
    run = await startRun({ env: { OIDC_POST_LOGOUT_PATH: '/api/public' } })
  })
  afterEach(() => run.stop())

  /** Signs in and out; what comes back from the provider is changed on the way. */
  async function signOut(change: (back: URLSearchParams) => void = () => undefined) {
    const visit = await run.visit()
    await run.accepted(visit)
    const { browser } = visit
    const atProvider = await browser.submit(
      run.url,
      `${run.url}/logout`,
      {},
      { until: (url) => url.startsWith(run.url) },
    )
    const [call] = run.provider.calls('end-session')
    const back = new URL(atProvider.next?.url ?? '')
    change(back.searchParams)
    const next = atProvider.next && { ...atProvider.next, url: back.href }
    const page = await browser.goOn({ ...atProvider, next })
    expect(page.status).to.equal(200)
    expect(page.url).to.equal(back.href)
    expect((await browser.fetch(`${run.url}/session`)).status).to.equal(401)
    expect((await run.call(browser)).status).to.equal(401)
    return call?.query ?? new URLSearchParams()
  }

  it('oidcc-client-test-rp-init-logout', async () => {
    const query = await signOut()
    expect(decodeJwt(query.get('id_token_hint') ?? '').iss).to.equal(run.provider.issuer)
    expect(query.get('post_logout_redirect_uri')).to.equal(`${run.url}/api/public`)
    expect(query.getAll('state')).to.have.length(1)
  })

  it('oidcc-client-test-rp-init-logout-other-state', async () => {
    const query = await signOut((back) => back.set('state', 'another-state'))
    expect(query.get('state')).not.to.equal(null)
  })

  it('oidcc-client-test-rp-init-logout-no-state', async () => {
    const query = await signOut((back) => back.delete('state'))
    expect(query.get('state')).not.to.equal(null)
  })
})
