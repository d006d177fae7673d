import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { onServers } from './support/servers.ts'
import { type TestBed, useTestBed } from './support/test-bed.ts'
import { createVisitor, formAction } from './support/visitor.ts'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

/** Gives a client a key pair and whatever else makes it use that. */
async function giveKey(
  bed: TestBed,
  clientId: string,
  changes: { attributes?: object; clientAuthenticatorType?: string },
): Promise<Keys> {
  const keys = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }
  const [client] = (await bed.admin('GET', `/clients?clientId=${clientId}`)).json
  const attributes = {
    'use.jwks.string': 'true',
    'jwks.string': JSON.stringify({ keys: [jwk] }),
    ...changes.attributes,
  }
  await bed.admin('PUT', `/clients/${client.id}`, { body: { ...changes, attributes } })
  return keys
}

onServers('A client that signs instead of sending a secret', (server) => {
  const bed = useTestBed(server)
  let keys: Keys

  before(async () => {
    keys = await giveKey(bed(), 'orders', { clientAuthenticatorType: 'client-jwt' })
  })

  const assertion = (changes: Record<string, unknown> = {}, kid = 'key-1') => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: 'orders',
      sub: 'orders',
      aud: bed().issuer,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
      ...changes,
    }
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(keys.privateKey)
  }
  const present = (client_assertion: string) =>
    bed().post(
      'token',
      {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
      },
      'nobody',
    )

  for (const to of ['the issuer', 'the token endpoint']) {
    it(`gets a token for an assertion to ${to}`, async () => {
      const aud = to === 'the issuer' ? bed().issuer : bed().oidc('token')

      expect((await present(await assertion({ aud }))).status).to.equal(200)
    })
  }

  it('is refused the second time it sends the same', async () => {
    const once = await assertion()
    await present(once)
    const { status, json } = await present(once)

    expect([status, json]).to.deep.equal([400, { error: 'invalid_client', error_description: 'Token reuse detected' }])
  })

  const refused: { what: string; changes: () => Record<string, unknown>; kid?: string; says?: string }[] = [
    {
      what: 'two audiences',
      changes: () => ({ aud: [bed().issuer, 'http://else.example'] }),
      says: 'Multiple audiences not allowed',
    },
    { what: 'an unknown key', changes: () => ({}), kid: 'key-2', says: 'Unable to load public key' },
    { what: 'another audience', changes: () => ({ aud: 'http://else.example' }) },
    { what: 'an end in the past', changes: () => ({ exp: Math.floor(Date.now() / 1000) - 600 }) },
    { what: 'no jti', changes: () => ({ jti: undefined }) },
  ]
  for (const { what, changes, kid, says } of refused) {
    it(`is refused with 400 for an assertion with ${what}`, async () => {
      const { status, json } = await present(await assertion(changes(), kid))

      expect(status).to.equal(400)
      expect(json.error).to.equal('invalid_client')
      if (says) expect(json.error_description).to.equal(says)
    })
  }

  it('is refused with a secret', async () => {
    const { status, json } = await bed().post('token', { grant_type: 'client_credentials' }, 'orders:orders-secret')

    expect(status).to.be.within(400, 401)
    expect(json.error).to.equal('invalid_client')
  })
})

onServers('An answer that is signed', (server) => {
  const bed = useTestBed(server)
  const read = (jwt: string) =>
    jwtVerify(jwt, createRemoteJWKSet(new URL(bed().oidc('certs'))), { issuer: bed().issuer, audience: 'gw' })

  for (const mode of ['query.jwt', 'jwt']) {
    it(`brings code, state and session in one token with ${mode}`, async () => {
      const login = await bed().signIn('ada', { changes: { response_mode: mode } })
      const { payload } = await read(login.answer.location?.searchParams.get('response') ?? '')
      const code = { code: String(payload.code) }

      expect(payload).to.include({ state: login.request.parameters.state })
      expect(payload.exp).to.be.a('number')
      expect(payload.session_state).to.match(/^[\w-]{24}$/)
      expect((await bed().exchange(login, code)).status).to.equal(200)
    })
  }

  it('brings an error the same way', async () => {
    const { location } = await createVisitor().go(bed().request({ response_mode: 'query.jwt', prompt: 'none' }).url)
    const { payload } = await read(location?.searchParams.get('response') ?? '')

    expect(payload.error).to.equal('login_required')
  })
})

onServers('A request that is signed', (server) => {
  const bed = useTestBed(server)
  let keys: Keys

  before(async () => {
    const attributes = { 'request.object.signature.alg': 'RS256' }
    keys = await giveKey(bed(), 'gw', { attributes })
  })

  const signed = async (parameters: Record<string, string>, by = keys) => {
    const claims = { ...parameters, iss: 'gw', aud: bed().issuer }
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
      .setIssuedAt()
      .setExpirationTime('1 minute')
    return `${bed().oidc('auth')}?${new URLSearchParams({ client_id: 'gw', request: await jwt.sign(by.privateKey) })}`
  }

  it('signs in by what stands in it', async () => {
    const request = bed().request()
    const visitor = createVisitor()
    const page = await visitor.go(await signed(request.parameters))
    const answer = await visitor.submit(formAction(page), { username: 'ada', password: 'ada-pw' })
    const { status, json } = await bed().exchange({ answer, request })

    expect(answer.location?.searchParams.get('state')).to.equal(request.parameters.state)
    expect(status).to.equal(200)
    expect(json.scope).to.include('openid')
  })

  it('is refused on a page when somebody else signed it', async () => {
    const page = await createVisitor().go(await signed(bed().request().parameters, await generateKeyPair('RS256')))

    expect(page.status).to.equal(400)
    expect(page.words).to.include('Invalid Request')
  })
})
