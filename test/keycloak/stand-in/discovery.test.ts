import { expect } from 'chai'
import { readAnswer } from './support/answer.ts'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

onServers('Discovery and keys', (server) => {
  const bed = useTestBed(server)
  const get = async (path: string) => readAnswer(await fetch(`${server().url}/realms/${path}`, { redirect: 'manual' }))

  it('publishes where everything is and what it can do', async () => {
    const { json, headers } = await get(`${bed().realm}/.well-known/openid-configuration`)

    expect(headers.get('cache-control')).to.equal('no-cache, must-revalidate, no-transform, no-store')
    expect(json).to.include({
      issuer: bed().issuer,
      authorization_endpoint: bed().oidc('auth'),
      token_endpoint: bed().oidc('token'),
      introspection_endpoint: bed().oidc('token/introspect'),
      userinfo_endpoint: bed().oidc('userinfo'),
      end_session_endpoint: bed().oidc('logout'),
      jwks_uri: bed().oidc('certs'),
      revocation_endpoint: bed().oidc('revoke'),
      pushed_authorization_request_endpoint: bed().oidc('ext/par/request'),
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      authorization_response_iss_parameter_supported: true,
      require_pushed_authorization_requests: false,
      claims_parameter_supported: true,
    })
    expect(json.code_challenge_methods_supported).to.deep.equal(['plain', 'S256'])
    expect(json.acr_values_supported).to.deep.equal(['0', '1'])
    expect(json.prompt_values_supported).to.deep.equal(['none', 'login', 'consent'])
    expect(json.response_modes_supported).to.include.members(['query', 'fragment', 'form_post', 'query.jwt', 'jwt'])
    expect(json.token_endpoint_auth_methods_supported).to.include.members([
      'private_key_jwt',
      'client_secret_basic',
      'client_secret_post',
    ])
    expect(json.scopes_supported).to.include.members(['openid', 'profile', 'email', 'roles', 'offline_access'])
  })

  it('publishes a key to sign and one to encrypt, and says not to keep them', async () => {
    const { json, headers } = await get(`${bed().realm}/protocol/openid-connect/certs`)
    const keys: { use: string; alg: string; kid: string; kty: string; d?: string }[] = json.keys

    expect(headers.get('cache-control')).to.equal('no-cache')
    expect(keys.map(({ use, alg }) => `${use} ${alg}`)).to.have.members(['sig RS256', 'enc RSA-OAEP'])
    for (const key of keys) {
      expect(key).to.include.all.keys('kid', 'kty', 'n', 'e')
      expect(key, 'a private part').not.to.have.property('d')
    }
  })

  it('describes the realm', async () => {
    const { json } = await get(bed().realm)

    expect(json).to.include({
      realm: bed().realm,
      'token-service': bed().oidc('').slice(0, -1),
      'tokens-not-before': 0,
    })
    expect(json.public_key).to.match(/^MII/)
  })

  const wrongTurns = [
    {
      where: 'a realm that does not exist',
      path: 'nobody-made-this/.well-known/openid-configuration',
      status: 404,
      error: 'Realm does not exist',
    },
    { where: 'a path that does not exist', path: '<realm>/nowhere', status: 404, error: 'HTTP 404 Not Found' },
    {
      where: 'the token endpoint with GET',
      path: '<realm>/protocol/openid-connect/token',
      status: 405,
      error: 'HTTP 405 Method Not Allowed',
    },
  ]
  for (const { where, path, status, error } of wrongTurns) {
    it(`answers ${status} at ${where}`, async () => {
      const answer = await get(path.replace('<realm>', bed().realm))

      expect(answer.status).to.equal(status)
      expect(answer.json).to.deep.equal({ error })
    })
  }

  it('answers 400 to a path with a semicolon', async () => {
    expect((await get(`${bed().realm};a=b/protocol/openid-connect/certs`)).status).to.equal(400)
  })
})
