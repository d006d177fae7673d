import { expect } from 'chai'
import fc from 'fast-check'
import { isAllowedUri } from '../../../keycloak/stand-in/authorization/redirect-uris.ts'
import { createStandIn, type StandIn } from '../../../keycloak/stand-in/create-stand-in.ts'
import { escapeHtml } from '../../../keycloak/stand-in/pages/layout.ts'
import { createOidcClient } from './support/oidc-client.ts'
import { testRealm } from './support/test-realm.ts'
import { createVisitor, formAction } from './support/visitor.ts'

const attack = `"><script>alert(1)</script><a href='`

describe('The pages of the stand-in', () => {
  let standIn: StandIn
  const source = testRealm({ displayName: attack })
  const oidc = () => `${standIn.url}/realms/${source.realm}/protocol/openid-connect`

  before(async () => {
    standIn = await createStandIn({ realms: [source], env: {} })
  })
  after(() => standIn.stop())

  it('say what they are, and load nothing but their style sheet', async () => {
    const gw = createOidcClient(oidc())
    const visitor = createVisitor()
    const pages = [
      await visitor.go(gw.request().url),
      await visitor.go(gw.request({ client_id: 'nope' }).url),
      await visitor.go(`${oidc()}/logout`),
    ]
    for (const page of pages) {
      expect(page.words).to.include('Development stand-in, not Keycloak.')
      expect(page.headers.get('content-security-policy')).to.match(/^default-src 'none'; style-src 'self'/)
      expect(page.headers.get('content-type')).to.match(/^text\/html/)
      expect(page.text)
        .to.match(/<html lang="en">/)
        .and.to.include('name="viewport"')
      expect(page.text).not.to.match(/<script|<style| on[a-z]+=/i)
    }
    expect((await visitor.go(`${standIn.url}/resources/stand-in.css`)).headers.get('content-type')).to.match(
      /^text\/css/,
    )
  })

  it('name every field, and point at the sentence that tells what was wrong', async () => {
    const { answer } = await createOidcClient(oidc()).signIn('ada', { password: 'not-it' })

    for (const field of ['username', 'password']) {
      expect(answer.text).to.match(new RegExp(`<label for="${field}">`))
      expect(answer.text).to.match(new RegExp(`id="${field}"[^>]*aria-describedby="input-error"`))
    }
    expect(answer.text).to.match(/id="input-error" role="alert"/)
  })

  it('never let a text become mark-up', async () => {
    const gw = createOidcClient(oidc())
    const visitor = createVisitor()
    const form = await visitor.go(gw.request({ login_hint: attack, state: attack }).url)
    const wrong = await visitor.submit(formAction(form), { username: attack, password: attack })
    const tab = await visitor.go(`${oidc()}/logout?${new URLSearchParams({ client_id: attack, state: attack })}`)

    for (const page of [form, wrong, tab]) expect(page.text).not.to.include('<script>')
    expect(wrong.text).to.include(escapeHtml(attack))
  })

  it('lead nowhere that is not registered, whatever the form says', async () => {
    const gw = createOidcClient(oidc())
    const visitor = createVisitor()
    const action = new URL(formAction(await visitor.go(gw.request().url)))
    const data = { ru: 'http://evil.example/', rt: 'code', st: 'x' }
    action.searchParams.set('client_data', Buffer.from(JSON.stringify(data)).toString('base64url'))
    const first = await visitor.submit(action, { username: 'ada', password: 'ada-pw' })
    const second = await visitor.submit(action, { username: 'ada', password: 'ada-pw' })

    expect([first, second].map(({ location }) => location?.host)).to.deep.equal(['localhost:3999', 'localhost:3999'])
  })
})

describe('A redirect URI', () => {
  const rows: [pattern: string, uri: string, allowed: boolean][] = [
    ['http://app.test/cb', 'http://app.test/cb', true],
    ['http://app.test/cb', 'http://app.test/cb/', false],
    ['http://app.test/cb', 'http://app.test/cb?a=b', false],
    ['http://app.test/cb', 'http://app.test/cb#a', false],
    ['http://app.test/cb', 'http://app.test:81/cb', false],
    ['http://localhost/cb', 'http://localhost:4711/cb', true],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:4711/cb', true],
    ['http://localhost/cb', 'http://127.0.0.1:4711/cb', false],
    ['http://localhost:3999/cb', 'http://localhost:4711/cb', false],
    ['http://app.test:3999/*', 'http://app.test:3999/a/b?c=d', true],
    ['http://app.test:3999/*', 'http://app.test:3999/../b', false],
    ['http://app.test:3999/*', 'http://app.test:3999.evil.example/', false],
    ['http://localhost*', 'http://localhost:4711/a', true],
    ['http://localhost*', 'http://localhost.evil.example/', false],
    ['http://localhost:3999*', 'http://localhost:3999.evil.example/', false],
    ['http://app.test/*', 'http://user@app.test/a', false],
    ['http://app.test/*', 'http://app.test@evil.example/a', false],
    ['http://app.test/*', 'javascript:alert(1)', false],
    ['*', 'http://anywhere.example/', true],
    ['*', 'javascript:alert(1)', false],
    ['http://app.test/*', '//evil.example/', false],
    ['http://app.test/*', '', false],
  ]
  for (const [pattern, uri, allowed] of rows) {
    it(`${allowed ? 'may' : 'may not'} be "${uri}" where ${pattern} is registered`, () => {
      expect(isAllowedUri([pattern], uri)).to.equal(allowed)
    })
  }

  it('is on the registered host whatever comes after it', () => {
    fc.assert(
      fc.property(fc.string(), (tail) => {
        const uri = `http://app.test/${tail}`
        if (isAllowedUri(['http://app.test/*'], uri)) expect(new URL(uri).host).to.equal('app.test')
      }),
    )
  })
})
