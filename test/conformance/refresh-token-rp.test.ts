import { expect } from 'chai'
import { type Run, startRun } from './relying-party.ts'

/** Modules of `oidcc-client-refreshtoken-test-plan`, by their names. */
describe('oidcc-client-refreshtoken-test-plan', () => {
  let run: Run
  beforeEach(async () => {
    run = await startRun()
  })
  afterEach(() => run.stop())

  const refreshes = () => run.provider.calls('token', { grant_type: 'refresh_token' })

  /** Signs in, lets the token age, and calls again. */
  async function refreshed() {
    const { browser, page } = await run.visit()
    expect(page.status).to.equal(200)
    expect(run.provider.calls('userinfo')).to.have.length(1)
    run.api.forget()
    run.clock.advance('290s')
    const call = await run.call(browser)
    return { browser, call }
  }

  it('oidcc-client-test-refresh-token: userinfo is asked with the new access token', async () => {
    const { call } = await refreshed()
    expect(call.status).to.equal(200)
    expect(refreshes()).to.have.length(1)
    const [before, after] = run.provider.calls('userinfo').map(({ headers }) => headers.authorization)
    expect(after).to.equal(`Bearer ${run.relayed()}`)
    expect(after).not.to.equal(before)
  })

  for (const [module, claims] of [
    ['oidcc-client-test-refresh-token-invalid-issuer', { iss: 'https://another.example/' }],
    ['oidcc-client-test-refresh-token-invalid-sub', { sub: 'somebody-else' }],
  ] as const) {
    it(`${module}: no userinfo call afterwards, and the session is over`, async () => {
      run.provider.script.refresh.claims = claims
      const { browser, call } = await refreshed()
      expect(call.status).to.equal(401)
      expect(run.provider.calls('userinfo')).to.have.length(1)
      expect(run.api.seen).to.deep.equal([])
      expect((await browser.fetch(`${run.url}/session`)).status).to.equal(401)
      expect((await run.call(browser)).status).to.equal(401)
      expect(refreshes()).to.have.length(1)
    })
  }
})
