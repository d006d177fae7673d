import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'
import { callback } from './support/test-realm.ts'
import { createVisitor, formAction } from './support/visitor.ts'

type Row = { when: string; changes: Record<string, string | undefined>; error: string; description?: string }

const toldToTheClient: Row[] = [
  {
    when: 'PKCE is missing',
    changes: { code_challenge: undefined, code_challenge_method: undefined },
    error: 'invalid_request',
    description: 'Missing parameter: code_challenge_method',
  },
  {
    when: 'the challenge has no method',
    changes: { code_challenge_method: undefined },
    error: 'invalid_request',
    description: 'Missing parameter: code_challenge_method',
  },
  {
    when: 'the method is plain',
    changes: { code_challenge_method: 'plain' },
    error: 'invalid_request',
    description: 'Invalid parameter: code challenge method is not matching the configured one',
  },
  {
    when: 'the challenge is too short',
    changes: { code_challenge: 'abc' },
    error: 'invalid_request',
    description: 'Invalid parameter: code_challenge',
  },
  {
    when: 'a scope is unknown',
    changes: { scope: 'openid nope' },
    error: 'invalid_scope',
    description: 'Invalid scopes: openid nope',
  },
  { when: 'nobody is signed in and no page is wanted', changes: { prompt: 'none' }, error: 'login_required' },
  {
    when: 'the response type is missing',
    changes: { response_type: undefined },
    error: 'invalid_request',
    description: 'Missing parameter: response_type',
  },
  { when: 'the response type is unknown', changes: { response_type: 'foo' }, error: 'unsupported_response_type' },
  {
    when: 'the response mode is unknown',
    changes: { response_mode: 'foo' },
    error: 'invalid_request',
    description: 'Invalid parameter: response_mode',
  },
]

const toldOnAPage = [
  {
    when: 'the redirect URI is another path',
    changes: { redirect_uri: `${callback.gw}/more` },
    says: 'Invalid parameter: redirect_uri',
  },
  {
    when: 'the redirect URI has a query',
    changes: { redirect_uri: `${callback.gw}?a=b` },
    says: 'Invalid parameter: redirect_uri',
  },
  {
    when: 'the redirect URI is missing',
    changes: { redirect_uri: undefined },
    says: 'Invalid parameter: redirect_uri',
  },
  { when: 'the client is unknown', changes: { client_id: 'nope' }, says: 'Client not found.' },
  { when: 'the client is missing', changes: { client_id: undefined }, says: 'Invalid Request' },
  { when: 'max_age is no number', changes: { max_age: 'abc' }, says: 'Invalid Request' },
  { when: 'the request object is garbage', changes: { request: 'x' }, says: 'Invalid Request' },
  {
    when: 'the pushed request is unknown',
    changes: { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
    says: 'Invalid Request',
  },
]

const ignored = [
  { what: 'an unknown prompt', changes: { prompt: 'select_account' } },
  { what: 'a hint about another identity provider', changes: { kc_idp_hint: 'elsewhere' } },
  { what: 'a wish for a language', changes: { ui_locales: 'de fr' } },
  { what: 'an unknown level of authentication', changes: { acr_values: 'platinum' } },
  { what: 'a request without scope', changes: { scope: undefined } },
]

onServers('An authorization request', (server) => {
  const bed = useTestBed(server)
  const ask = (changes: Row['changes']) => createVisitor().go(bed().request(changes).url)

  for (const { when, changes, error, description } of toldToTheClient) {
    it(`tells the client ${error} when ${when}`, async () => {
      const { status, location } = await ask({ ...changes, state: 'the-state' })

      expect(status).to.equal(302)
      expect(location?.href.split('?')[0]).to.equal(callback.gw)
      expect(Object.fromEntries(location?.searchParams ?? [])).to.deep.equal({
        error,
        ...(description === undefined ? {} : { error_description: description }),
        state: 'the-state',
        iss: bed().issuer,
      })
    })
  }

  for (const { when, changes, says } of toldOnAPage) {
    it(`shows a page and never the client when ${when}`, async () => {
      const { status, words, location } = await ask(changes)

      expect(status).to.equal(400)
      expect(location).to.equal(undefined)
      expect(words).to.include(says)
    })
  }

  for (const { what, changes } of ignored) {
    it(`passes over ${what}`, async () => {
      const { status, text } = await ask(changes)

      expect(status).to.equal(200)
      expect(text).to.include('id="kc-form-login"')
    })
  }

  it('answers in the fragment where the client asks for it', async () => {
    const { location } = await ask({ response_mode: 'fragment', prompt: 'none' })

    expect(new URLSearchParams(location?.hash.slice(1)).get('error')).to.equal('login_required')
  })

  it('refuses the implicit flow, in the fragment', async () => {
    const { location } = await ask({ response_type: 'token' })

    expect(new URLSearchParams(location?.hash.slice(1)).get('error')).to.equal('unauthorized_client')
  })

  it('answers with a form where the client asks for one', async () => {
    const page = await ask({ response_mode: 'form_post', prompt: 'none', state: 'the-state' })

    expect(formAction(page)).to.equal(callback.gw)
    expect(page.text).to.match(/name="error" value="login_required"/i)
    expect(page.text).to.match(/name="state" value="the-state"/i)
  })

  it('refuses a parameter that comes twice', async () => {
    const { location } = await createVisitor().go(`${bed().request().url}&scope=openid`)

    expect(location?.searchParams.get('error_description')).to.equal('duplicated parameter')
  })

  it('takes the request as a form, too', async () => {
    const { url, parameters } = bed().request()
    const page = await createVisitor().submit(url.origin + url.pathname, parameters)

    expect(page.text).to.include('id="kc-form-login"')
  })

  const lengths = [
    { length: 3_900, comesBack: 3_900 },
    { length: 4_100, comesBack: 0 },
  ]
  for (const { length, comesBack } of lengths) {
    it(`brings back ${comesBack} of ${length} characters of state`, async () => {
      const { answer } = await bed().signIn('ada', { changes: { state: 's'.repeat(length) } })

      expect(answer.location?.searchParams.get('code')).to.be.a('string')
      expect(answer.location?.searchParams.get('state') ?? '').to.have.length(comesBack)
    })
  }
})
