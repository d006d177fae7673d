import { expect } from 'chai'
import { breakSignature } from '../support/jwt-forge.ts'
import { type Run, startRun } from './relying-party.ts'

/** Modules of `oidcc-client-basic-certification-test-plan`, by their names. */
describe('oidcc-client-basic-certification-test-plan', () => {
  let run: Run
  beforeEach(async () => {
    run = await startRun()
  })
  afterEach(() => run.stop())

  const idClaims = (claims: Record<string, unknown>) => {
    run.provider.script.idToken.claims = claims
  }

  it('oidcc-client-test', async () => {
    await run.accepted(await run.visit())
    const [request] = run.provider.calls('authorize')
    expect(request?.query.get('response_type')).to.equal('code')
    expect(request?.query.get('scope')?.split(' ')).to.include('openid')
    expect(request?.query.get('redirect_uri')).to.equal(`${run.url}/callback`)
  })

  it('oidcc-client-test-invalid-iss', async () => {
    idClaims({ iss: `${run.provider.issuer}INVALID` })
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-missing-sub', async () => {
    idClaims({ sub: undefined })
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-invalid-aud', async () => {
    idClaims({ aud: 'another-client' })
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-missing-iat', async () => {
    idClaims({ iat: undefined })
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-kid-absent-single-jwks', async () => {
    run.provider.script.idToken.header = { kid: undefined }
    run.provider.script.keySet = (keys) => ({ keys: keys.map(({ kid: _, ...key }) => key) })
    await run.accepted(await run.visit())
  })

  it('oidcc-client-test-kid-absent-multiple-jwks: every key is tried', async () => {
    await run.provider.rotateKeys({ keepOld: true })
    await run.provider.rotateKeys({ keepOld: true })
    run.provider.script.idToken.header = { kid: undefined }
    await run.accepted(await run.visit())
  })

  it('oidcc-client-test-idtoken-sig-rs256', async () => {
    expect(run.provider.key().alg).to.equal('RS256')
    await run.accepted(await run.visit())
  })

  it('oidcc-client-test-idtoken-sig-none', async () => {
    run.provider.script.idToken.header = { alg: 'none', kid: undefined }
    run.provider.script.idToken.sign = { alg: 'none' }
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-invalid-sig-rs256: checked though the code flow would not demand it', async () => {
    run.provider.script.idToken.text = breakSignature
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-userinfo-invalid-sub: asks userinfo, and there is no session afterwards', async () => {
    run.provider.script.userinfo = (claims) => ({ ...claims, sub: `${claims.sub}INVALID` })
    await run.refused(await run.visit(), { userinfoCalls: 1 })
  })

  it('oidcc-client-test-nonce-invalid', async () => {
    run.provider.script.idToken.claims = (claims) => ({ ...claims, nonce: `${claims.nonce}1` })
    await run.refused(await run.visit())
  })

  it('oidcc-client-test-scope-userinfo-claims', async () => {
    await run.accepted(await run.visit())
    const scopes = run.provider.calls('authorize')[0]?.query.get('scope')?.split(' ') ?? []
    expect(scopes.filter((scope) => ['profile', 'email', 'phone', 'address'].includes(scope))).not.to.deep.equal([])
  })

  it('oidcc-client-test-client-secret-basic', async () => {
    await run.accepted(await run.visit())
    const [call] = run.provider.calls('token')
    expect(call?.headers.authorization).to.match(/^Basic /)
    expect(call?.form.has('client_secret')).to.equal(false)
    expect(call?.form.has('client_assertion')).to.equal(false)
  })
})
