import { expect } from 'chai'
import type { Credentials } from './support/oidc-client.ts'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

type Row = {
  when: string
  form: Record<string, string>
  as?: Credentials
  headers?: Record<string, string>
  status: number
  error: string
  description?: string
}

const badClient = 'Invalid client or Invalid client credentials'
const service = { grant_type: 'client_credentials' }

const refusals: Row[] = [
  {
    when: 'the secret is wrong',
    form: service,
    as: 'gw:nope',
    status: 401,
    error: 'unauthorized_client',
    description: badClient,
  },
  {
    when: 'the secret in the form is wrong',
    form: { ...service, client_id: 'gw', client_secret: 'x' },
    as: 'nobody',
    status: 401,
    error: 'unauthorized_client',
    description: badClient,
  },
  {
    when: 'the secret is missing',
    form: { ...service, client_id: 'gw' },
    as: 'nobody',
    status: 401,
    error: 'unauthorized_client',
    description: badClient,
  },
  {
    when: 'the client is unknown',
    form: service,
    as: 'nope:nope',
    status: 401,
    error: 'invalid_client',
    description: badClient,
  },
  {
    when: 'there is no client',
    form: service,
    as: 'nobody',
    status: 401,
    error: 'invalid_client',
    description: badClient,
  },
  {
    when: 'the header is garbage',
    form: service,
    as: 'nobody',
    headers: { authorization: 'Basic !!!' },
    status: 401,
    error: 'invalid_client',
    description: badClient,
  },
  {
    when: 'form and header name two clients',
    form: { ...service, client_id: 'gw' },
    as: 'orders:orders-secret',
    status: 401,
    error: 'unauthorized_client',
    description: badClient,
  },
  {
    when: 'there is no grant',
    form: {},
    status: 400,
    error: 'invalid_request',
    description: 'Missing form parameter: grant_type',
  },
  {
    when: 'the grant is unknown',
    form: { grant_type: 'foo' },
    status: 400,
    error: 'unsupported_grant_type',
    description: 'Unsupported grant_type',
  },
  {
    when: 'passwords are not for this client',
    form: { grant_type: 'password', username: 'ada', password: 'ada-pw' },
    status: 400,
    error: 'unauthorized_client',
    description: 'Client not allowed for direct access grants',
  },
  {
    when: 'the client has no service account',
    form: service,
    as: 'other:other-secret',
    status: 401,
    error: 'unauthorized_client',
    description: 'Client not enabled to retrieve service account',
  },
  {
    when: 'the scope of a service is unknown',
    form: { ...service, scope: 'nope' },
    status: 400,
    error: 'invalid_scope',
    description: 'Invalid scopes: nope',
  },
  {
    when: 'a page of another site asks',
    form: service,
    headers: { origin: 'http://evil.example' },
    status: 403,
    error: 'Invalid origin',
  },
  {
    when: 'there is no code',
    form: { grant_type: 'authorization_code' },
    status: 400,
    error: 'invalid_request',
    description: 'Missing parameter: code',
  },
  {
    when: 'the code is garbage',
    form: { grant_type: 'authorization_code', code: 'a.b.c' },
    status: 400,
    error: 'invalid_grant',
    description: 'Code not valid',
  },
  {
    when: 'there is no refresh token',
    form: { grant_type: 'refresh_token' },
    status: 400,
    error: 'invalid_request',
    description: 'No refresh token',
  },
  {
    when: 'the refresh token is garbage',
    form: { grant_type: 'refresh_token', refresh_token: 'a.b.c' },
    status: 400,
    error: 'invalid_grant',
    description: 'Invalid refresh token',
  },
  {
    when: 'the refresh token is far too long',
    form: { grant_type: 'refresh_token', refresh_token: 'x'.repeat(25_000) },
    status: 400,
    error: 'invalid_request',
    description: 'No refresh token',
  },
]

onServers('The token endpoint', (server) => {
  const bed = useTestBed(server)

  for (const { when, form, as, headers, status, error, description } of refusals) {
    it(`answers ${status} ${error} when ${when}`, async () => {
      const answer = await bed().post('token', form, as, headers)

      expect(answer.status).to.equal(status)
      expect(answer.json).to.deep.equal({
        error,
        ...(description === undefined ? {} : { error_description: description }),
      })
      expect(answer.headers.get('www-authenticate')).to.equal(null)
    })
  }

  it('refuses a parameter that comes twice', async () => {
    const authorization = `Basic ${Buffer.from('gw:gw-secret').toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const body = 'grant_type=client_credentials&scope=email&scope=phone'
    const answer = await fetch(bed().oidc('token'), { method: 'POST', headers, body })

    expect(answer.status).to.equal(400)
    expect(await answer.json()).to.deep.equal({ error: 'invalid_request', error_description: 'duplicated parameter' })
  })

  it('takes id and secret in the form, too, and percent-encoded in the header', async () => {
    const inForm = { ...service, client_id: 'orders', client_secret: 'orders-secret' }

    expect((await bed().post('token', inForm, 'nobody')).status).to.equal(200)
    expect((await bed().post('token', service, 'orders:%6frders-secret')).status).to.equal(200)
  })
})
