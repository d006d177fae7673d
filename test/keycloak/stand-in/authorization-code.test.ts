import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

onServers('An authorization code', (server) => {
  const bed = useTestBed(server)

  const spoilt = [
    {
      when: 'the verifier is another one',
      changes: { code_verifier: 'a'.repeat(43) },
      description: 'PKCE verification failed: Code mismatch',
    },
    {
      when: 'the verifier is too short',
      changes: { code_verifier: 'abc' },
      description: 'PKCE verification failed: Invalid code verifier',
    },
    {
      when: 'there is no verifier',
      changes: { code_verifier: undefined },
      description: 'PKCE code verifier not specified',
    },
    {
      when: 'the redirect URI is another one',
      changes: { redirect_uri: 'http://localhost:3999/x' },
      description: 'Incorrect redirect_uri',
    },
    { when: 'there is no redirect URI', changes: { redirect_uri: undefined }, description: 'Incorrect redirect_uri' },
    {
      when: 'another client brings it',
      changes: {},
      as: 'other:other-secret' as const,
      description: 'Auth error: Found different client_id in clientSession',
    },
  ]
  for (const { when, changes, as, description } of spoilt) {
    it(`uses a code up when ${when}`, async () => {
      const login = await bed().signIn('ada')
      const answer = await bed().exchange(login, changes, as)

      expect(answer.status).to.equal(400)
      expect(answer.json).to.deep.equal({ error: 'invalid_grant', error_description: description })
      expect((await bed().exchange(login)).json.error_description).to.equal('Code not valid')
    })
  }

  it('leaves a code alone when the secret was wrong', async () => {
    const login = await bed().signIn('ada')
    await bed().exchange(login, {}, 'gw:nope')

    expect((await bed().exchange(login)).status).to.equal(200)
  })

  it('ends what a code began when it comes a second time', async () => {
    const { tokens, ...login } = await bed().tokensFor('ada')
    const again = await bed().exchange(login)

    expect(again.json).to.deep.equal({ error: 'invalid_grant', error_description: 'Code not valid' })
    expect((await bed().refresh(tokens.refresh_token)).json.error_description).to.equal(
      "Session doesn't have required client",
    )
    expect((await bed().userinfo(tokens.access_token)).status).to.equal(401)
    expect(bed().receiver.calls).to.deep.equal([])
  })
})
