import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'
import { createVisitor, formAction } from './support/visitor.ts'

onServers('A pushed authorization request', (server) => {
  const bed = useTestBed(server)
  const push = (parameters: Record<string, string | undefined>, as?: 'gw:nope' | 'nobody') =>
    bed().post('ext/par/request', parameters, as)
  const openAt = (uri: string, more: Record<string, string> = {}) =>
    `${bed().oidc('auth')}?${new URLSearchParams({ client_id: 'gw', request_uri: uri, ...more })}`

  it('is kept for a minute and signs in', async () => {
    const request = bed().request()
    const pushed = await push(request.parameters)
    const visitor = createVisitor()
    const first = await visitor.go(openAt(pushed.json.request_uri, { scope: 'openid nope' }))
    const page = first.status === 302 ? await visitor.go(first.location ?? '') : first
    const answer = await visitor.submit(formAction(page), { username: 'ada', password: 'ada-pw' })

    expect(pushed.status).to.equal(201)
    expect(pushed.json).to.have.all.keys('request_uri', 'expires_in')
    expect(pushed.json.request_uri).to.match(/^urn:ietf:params:oauth:request_uri:/)
    expect(pushed.json.expires_in).to.equal(60)
    expect((await bed().exchange({ answer, request })).status).to.equal(200)
  })

  it('can be opened again until somebody has signed in with it', async () => {
    const { json } = await push(bed().request().parameters)
    const visitor = createVisitor()
    const open = async () => {
      const answer = await visitor.go(openAt(json.request_uri))
      return answer.status === 302 ? visitor.go(answer.location ?? '') : answer
    }
    await open()
    await visitor.submit(formAction(await open()), { username: 'ada', password: 'ada-pw' })
    const again = await visitor.go(openAt(json.request_uri))

    expect(again.status).to.equal(400)
    expect(again.words).to.include('Invalid Request')
  })

  it('is of no use to another client', async () => {
    const { json } = await push(bed().request().parameters)
    const answer = await createVisitor().go(openAt(json.request_uri, { client_id: 'other' }))

    expect(answer.status).to.equal(400)
  })

  const refused: {
    when: string
    changes: Record<string, string | undefined>
    as?: 'gw:nope' | 'nobody'
    status: number
    says: string
  }[] = [
    { when: 'the secret is wrong', changes: {}, as: 'gw:nope', status: 401, says: 'Authentication failed.' },
    { when: 'there is no secret', changes: {}, as: 'nobody', status: 401, says: 'Authentication failed.' },
    { when: 'it names another client', changes: { client_id: 'other' }, status: 401, says: 'Authentication failed.' },
    {
      when: 'the redirect URI is unknown',
      changes: { redirect_uri: 'http://evil.example/' },
      status: 400,
      says: 'Invalid parameter: redirect_uri',
    },
    { when: 'a scope is unknown', changes: { scope: 'openid nope' }, status: 400, says: 'Invalid scopes: openid nope' },
    {
      when: 'it contains another pushed request',
      changes: { request_uri: 'urn:x' },
      status: 400,
      says: 'It is not allowed to include request_uri to PAR.',
    },
  ]
  for (const { when, changes, as, status, says } of refused) {
    it(`is refused with ${status} when ${when}`, async () => {
      const answer = await push({ ...bed().request().parameters, ...changes }, as)

      expect(answer.status).to.equal(status)
      expect(answer.json).to.deep.equal({ error: 'invalid_request', error_description: says })
    })
  }

  it('can be made a duty', async () => {
    const [client] = (await bed().admin('GET', '/clients?clientId=gw')).json
    const attributes = { 'require.pushed.authorization.requests': 'true' }
    await bed().admin('PUT', `/clients/${client.id}`, { body: { attributes } })
    const { location } = await createVisitor().go(bed().request().url)
    await bed().admin('PUT', `/clients/${client.id}`, {
      body: { attributes: { 'require.pushed.authorization.requests': '' } },
    })

    expect(location?.searchParams.get('error')).to.equal('invalid_request')
    expect(location?.searchParams.get('error_description')).to.equal('Pushed Authorization Request is only allowed.')
    expect((await createVisitor().go(bed().request().url)).status).to.equal(200)
  })
})
