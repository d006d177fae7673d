import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'
import { callback } from './support/test-realm.ts'
import { createVisitor, formAction } from './support/visitor.ts'

const wrong = 'Invalid username or password.'

onServers('Signing in', (server) => {
  const bed = useTestBed(server)

  it('shows a form that scripts and people know', async () => {
    const page = await createVisitor().go(bed().request({ login_hint: 'ada' }).url)
    const action = new URL(formAction(page))

    expect(page.status).to.equal(200)
    expect(page.headers.get('cache-control')).to.include('no-store')
    expect(page.text).to.match(/<form[^>]*id="kc-form-login"/)
    expect(page.text).to.match(/<input[^>]*name="username"[^>]*value="ada"/)
    for (const name of ['password', 'credentialId', 'login']) expect(page.text).to.include(`name="${name}"`)
    expect(action.href.split('?')[0]).to.equal(`${bed().issuer}/login-actions/authenticate`)
    expect([...action.searchParams.keys()]).to.include.members(['session_code', 'client_id', 'tab_id', 'client_data'])
  })

  it('leads to the client with a code, the state, the session and the issuer', async () => {
    const { answer, request } = await bed().signIn('ada')
    const parameters = Object.fromEntries(answer.location?.searchParams ?? [])

    expect(answer.status).to.equal(302)
    expect(answer.location?.href.split('?')[0]).to.equal(callback.gw)
    expect(parameters).to.have.all.keys('state', 'session_state', 'iss', 'code')
    expect(parameters).to.include({ state: request.parameters.state, iss: bed().issuer })
    expect(parameters.session_state).to.match(/^[\w-]{24}$/)
  })

  for (const login of ['ADA', 'ada@example.com', 'Ada@Example.com']) {
    it(`knows Ada as ${login}`, async () => {
      const { answer } = await bed().signIn(login, { password: 'ada-pw' })

      expect(answer.status).to.equal(302)
    })
  }

  for (const [name, password] of [
    ['ada', 'not-it'],
    ['nobody', 'ada-pw'],
    ['', ''],
  ] as const) {
    it(`shows the same page again for "${name}" with "${password}"`, async () => {
      const { answer } = await bed().signIn(name, { password })

      expect(answer.status).to.equal(200)
      expect(answer.words).to.include(wrong)
      expect(answer.text).to.include('id="kc-form-login"')
    })
  }

  it('lets in with the right password after a wrong one', async () => {
    const { visitor, answer } = await bed().signIn('ada', { password: 'not-it' })
    const next = await visitor.submit(formAction(answer), { username: 'ada', password: 'ada-pw' })

    expect(next.location?.searchParams.get('code')).to.be.a('string')
  })

  it('says so when an account with the right password is disabled', async () => {
    await bed().admin('PUT', `/users/${await bed().userId('eve')}`, { body: { enabled: false } })

    expect((await bed().signIn('eve')).answer.words).to.include('Account is disabled, contact your administrator.')
    expect((await bed().signIn('eve', { password: 'not-it' })).answer.words).to.include(wrong)
  })

  it('refuses a form from another browser', async () => {
    const action = formAction(await createVisitor().go(bed().request().url))
    const answer = await createVisitor().submit(action, { username: 'ada', password: 'ada-pw' })

    expect(answer.status).to.equal(400)
    expect(answer.words).to.include('Restart login cookie not found')
  })

  it('leads to a fresh form when an earlier page of it is sent', async () => {
    const visitor = createVisitor()
    const first = formAction(await visitor.go(bed().request().url))
    await visitor.submit(first, { username: 'ada', password: 'not-it' })
    const answer = await visitor.submit(first, { username: 'ada', password: 'ada-pw' })

    expect(answer.status).to.equal(302)
    const fresh = await visitor.go(answer.location ?? '')
    expect(
      (await visitor.submit(formAction(fresh), { username: 'ada', password: 'ada-pw' })).location?.searchParams.get(
        'code',
      ),
    ).to.be.a('string')
  })

  it('tells the client when a form is sent again after it was good', async () => {
    const visitor = createVisitor()
    const { url, parameters } = bed().request()
    const action = formAction(await visitor.go(url))
    await visitor.submit(action, { username: 'ada', password: 'ada-pw' })
    const { location } = await visitor.submit(action, { username: 'ada', password: 'ada-pw' })

    expect(Object.fromEntries(location?.searchParams ?? [])).to.deep.equal({
      error: 'temporarily_unavailable',
      error_description: 'authentication_expired',
      state: parameters.state,
      iss: bed().issuer,
    })
  })
})

onServers('One session in one browser', (server) => {
  const bed = useTestBed(server)

  it('asks for no password the second time, and says so in acr', async () => {
    const first = await bed().tokensFor('ada')
    const second = await bed().tokensFor('ada', { visitor: first.visitor, changes: { prompt: 'none' } })
    const [before, after] = [decodeJwt(first.tokens.id_token), decodeJwt(second.tokens.id_token)]

    expect(after).to.include({ sid: before.sid, sub: before.sub, auth_time: before.auth_time, acr: '0' })
    expect(before.acr).to.equal('1')
  })

  it('is the same session for another client', async () => {
    const { visitor, tokens } = await bed().tokensFor('ada')
    const changes = { client_id: 'other', redirect_uri: callback.other, prompt: 'none' }
    const other = await bed().tokensFor('ada', { visitor, changes })

    expect(other.tokens.session_state).to.equal(tokens.session_state)
  })

  it('asks for the password of the same person when the client insists', async () => {
    const { visitor, tokens } = await bed().tokensFor('ada')
    const page = await visitor.go(bed().request({ prompt: 'login', login_hint: 'ben' }).url)

    expect(page.words).to.include('Please re-authenticate to continue')
    expect(page.text).to.match(/<input[^>]*id="kc-attempted-username"[^>]*value="ada"/)
    const refused = await visitor.submit(formAction(page), { username: 'ben', password: 'ben-pw' })
    expect(refused.words).to.include(wrong)
    const answer = await visitor.submit(formAction(refused), { password: 'ada-pw' })
    expect(answer.location?.searchParams.get('session_state')).to.equal(tokens.session_state)
  })

  const silent = [
    { when: 'a fresh login is demanded', changes: { prompt: 'login none' } },
    { when: 'nobody is signed in', changes: { prompt: 'none' } },
  ]
  for (const { when, changes } of silent) {
    it(`answers login_required to a silent request when ${when}`, async () => {
      const visitor = changes.prompt === 'none' ? createVisitor() : (await bed().signIn('ada')).visitor
      const { location } = await visitor.go(bed().request(changes).url)

      expect(location?.searchParams.get('error')).to.equal('login_required')
    })
  }

  it('makes one session of two tabs, one after the other or at once', async () => {
    for (const together of [false, true]) {
      const visitor = createVisitor()
      const name = together ? 'ben' : 'ada'
      const forms = [
        formAction(await visitor.go(bed().request().url)),
        formAction(await visitor.go(bed().request().url)),
      ]
      const submit = (form: string) => visitor.submit(form, { username: name, password: `${name}-pw` })
      const [one, two] = together
        ? await Promise.all([submit(forms[0] ?? ''), submit(forms[1] ?? '')])
        : [await submit(forms[0] ?? ''), await submit(forms[1] ?? '')]

      expect(one?.location?.searchParams.get('code')).to.be.a('string')
      expect(two?.location?.searchParams.get('code')).to.be.a('string')
      expect(two?.location?.searchParams.get('session_state')).to.equal(
        one?.location?.searchParams.get('session_state'),
      )
    }
  })

  it('refuses somebody else in a second tab', async () => {
    const visitor = createVisitor()
    const forms = [formAction(await visitor.go(bed().request().url)), formAction(await visitor.go(bed().request().url))]
    await visitor.submit(forms[0] ?? '', { username: 'ada', password: 'ada-pw' })
    const answer = await visitor.submit(forms[1] ?? '', { username: 'ben', password: 'ben-pw' })

    expect(answer.status).to.equal(400)
    expect(answer.words).to.include("You are already authenticated as different user 'ada' in this session.")
  })

  it('is another session in another browser', async () => {
    const [one, two] = [await bed().tokensFor('ada'), await bed().tokensFor('ada')]

    expect(two.tokens.session_state).not.to.equal(one.tokens.session_state)
  })
})
