import { expect } from 'chai'
import { oauthClient } from '../../service-tokens/oauth-client.ts'
import type { Browser } from '../../support/browser.ts'
import { type Scene, setScene } from '../../support/scene.ts'
import { the } from '../../support/the.ts'

const CSRF = { 'x-csrf': '1' }

interface Shown {
  actor: { kind: string; username: string | null; client: string | null }
  action: string
  target: { kind: string; id: string | null } | null
  outcome: string
  after: Record<string, unknown> | null
}

describe('What is refused, in the audit trail', () => {
  let scene: Scene
  let admin: Browser
  beforeEach(async () => {
    scene = await setScene({ env: { RATE_LIMIT_AUTH_FAILURES: 'off' } })
    scene.provider.script.person = the.bob()
    scene.provider.script.sid = 'sso-of-bob'
    admin = await scene.signedIn()
    scene.provider.reset()
  })
  afterEach(() => scene.stop())

  async function rows(query: string): Promise<Shown[]> {
    const page = await admin.fetch(`${scene.url}/api/v1/admin/audit?max=200${query}`)
    expect(page.status, page.body).to.equal(200)
    return page.json().data.events
  }
  const refused = async () =>
    (await rows('&action=access.refused')).map(({ actor, target, after }) => [actor.username, target?.id, after])

  it('is who was not let in, and where to', async () => {
    const alice = await scene.signedIn()
    await alice.fetch(`${scene.url}/api/v1/admin/users/u1`, { method: 'DELETE', headers: CSRF })
    expect(await refused()).to.deep.equal([
      ['alice', 'DELETE /api/v1/admin/users/u1', { error: 'INSUFFICIENT_PERMISSIONS' }],
    ])
  })

  it('is a request that another page made in the name of somebody', async () => {
    await admin.fetch(`${scene.url}/cache/clear`, { method: 'POST' })
    expect(await refused()).to.deep.equal([[null, 'POST /cache', { error: 'CSRF_REJECTED' }]])
  })

  it('is a bad token, on every route, without a word of it', async () => {
    await scene.bearer('no.good.canary')
    const [row] = await refused()
    expect(row?.[2]).to.deep.equal({ error: 'TOKEN_INVALID' })
    expect(JSON.stringify(await rows(''))).not.to.include('canary')
  })

  it('is ten times a minute the work of strangers, then a number, and never folds others away', async () => {
    for (let at = 0; at < 20; at++) await scene.bearer(`no.good.${at}`)
    for (let at = 0; at < 5; at++) await scene.newBrowser().open(`${scene.url}/callback?code=x&state=${'s'.repeat(43)}`)
    await admin.fetch(`${scene.url}/api/v1/users/me/password`, { method: 'PATCH' })
    const alice = await scene.signedIn()
    await alice.fetch(`${scene.url}/api/v1/admin/users`)
    const [first, ...others] = await refused()
    expect(first?.[2]).to.deep.equal({ error: 'INSUFFICIENT_PERMISSIONS' })
    expect(others).to.have.length(10)
    scene.clock.advance('61s')
    await scene.bearer('no.good.again')
    const [folded] = await rows('&action=audit.folded')
    expect(folded?.after).to.include({ folded: 16 })
  })

  it('is a sign-in that nobody began in that browser', async () => {
    await scene.newBrowser().open(`${scene.url}/callback?code=x&state=${'s'.repeat(43)}`)
    const failed = await rows('&outcome=failed')
    expect(failed.map(({ action, actor, after }) => [action, actor.kind, after])).to.deep.equal([
      ['session.login', 'anonymous', { error: 'LOGIN_STATE_INVALID' }],
    ])
  })

  it('stands beside what service clients were given and took back', async () => {
    const post = oauthClient(scene.url)
    const token = scene.provider.accessToken({ claims: { azp: the.clientId } })
    await post('token', { grant_type: 'client_credentials' })
    await post('revoke', { token, token_type_hint: 'access_token' })
    await post('token', { grant_type: 'client_credentials' }, { basic: 'nobody' })
    const shown = (await rows('')).filter(({ target }) => target?.kind === 'token')
    expect(
      shown.map(({ action, outcome, actor, after }) => [action, outcome, actor.client, after?.kind]),
    ).to.deep.equal([
      ['token.revoke', 'ok', the.clientId, 'access_token'],
      ['token.issue', 'ok', the.clientId, 'client_credentials'],
    ])
    expect(await refused()).to.deep.equal([[null, 'POST /api/v1/auth/token', { error: 'CLIENT_REFUSED' }]])
    expect(JSON.stringify(shown)).not.to.include(token)
  })
})
