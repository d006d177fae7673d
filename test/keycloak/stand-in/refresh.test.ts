import { expect } from 'chai'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

const maximum = 'Maximum allowed refresh token reuse exceeded'
const gone = "Session doesn't have required client"
const outcome = (answer: { status: number; json: { error_description?: string } }) =>
  answer.status === 200 ? 'fine' : `${answer.status} ${answer.json.error_description}`

/** Waits until the clock of this machine shows another second: tokens are dated in whole ones. */
async function nextSecond() {
  const second = Math.floor(Date.now() / 1000)
  while (Math.floor(Date.now() / 1000) === second) await new Promise((resolve) => setTimeout(resolve, 20))
}

onServers('Refreshing with one reuse allowed', (server) => {
  const bed = useTestBed(server)

  it('hands out a new token each time', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const { json } = await bed().refresh(tokens.refresh_token)

    expect(json).to.include({ token_type: 'Bearer', session_state: tokens.session_state, scope: tokens.scope })
    expect(json.refresh_token).not.to.equal(tokens.refresh_token)
    expect(outcome(await bed().refresh(json.refresh_token))).to.equal('fine')
  })

  it('lets two refreshes with one token live, and both of their answers', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const answers = await Promise.all([bed().refresh(tokens.refresh_token), bed().refresh(tokens.refresh_token)])

    expect(answers.map(outcome)).to.deep.equal(['fine', 'fine'])
  })

  it('ends everything at the third', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const first = await bed().refresh(tokens.refresh_token)
    await bed().refresh(tokens.refresh_token)

    expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal(`400 ${maximum}`)
    expect(outcome(await bed().refresh(first.json.refresh_token))).to.equal(`400 ${gone}`)
    expect((await bed().userinfo(first.json.access_token)).status).to.equal(401)
  })

  it('leaves the person signed in all the same', async () => {
    const { tokens, visitor } = await bed().tokensFor('ada')
    for (let i = 0; i < 3; i += 1) await bed().refresh(tokens.refresh_token)
    const { location } = await visitor.go(bed().request({ prompt: 'none' }).url)

    expect(location?.searchParams.get('code')).to.be.a('string')
  })

  it('takes the lost answer of a second ago for stale once it was asked for again', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const lost = await bed().refresh(tokens.refresh_token)
    await nextSecond()

    expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal('fine')
    expect(outcome(await bed().refresh(lost.json.refresh_token))).to.equal('400 Stale token')
    expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal(`400 ${gone}`)
  })

  it('takes a token of two generations ago for stale', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const child = await bed().refresh(tokens.refresh_token)
    await nextSecond()
    await bed().refresh(child.json.refresh_token)

    expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal('400 Stale token')
  })

  const foreign = [
    { what: 'an access token', pick: 'access_token', as: 'gw:gw-secret' as const, says: 'Invalid refresh token' },
    {
      what: "another client's token",
      pick: 'refresh_token',
      as: 'other:other-secret' as const,
      says: "Invalid refresh token. Token client and authorized client don't match",
    },
  ]
  for (const { what, pick, as, says } of foreign) {
    it(`refuses ${what}`, async () => {
      const { tokens } = await bed().tokensFor('ben')

      expect(outcome(await bed().refresh(tokens[pick], as))).to.equal(`400 ${says}`)
    })
  }

  it('refuses an unknown scope and leaves the token unused', async () => {
    const { tokens } = await bed().tokensFor('ben')
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    const answer = await bed().post('token', { ...form, scope: 'nope' })

    expect(answer.json).to.deep.equal({ error: 'invalid_scope', error_description: 'Invalid scopes: nope' })
    expect((await bed().refresh(tokens.refresh_token)).status).to.equal(200)
  })
})

onServers('Refreshing with no reuse allowed', (server) => {
  const bed = useTestBed(server, { refreshTokenMaxReuse: 0 })

  it('ends everything at the second refresh with one token', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const first = await bed().refresh(tokens.refresh_token)

    expect(outcome(await bed().refresh(tokens.refresh_token))).to.equal(`400 ${maximum}`)
    expect(outcome(await bed().refresh(first.json.refresh_token))).to.equal(`400 ${gone}`)
  })
})

onServers('Refreshing without rotation', (server) => {
  const bed = useTestBed(server, { revokeRefreshToken: false })

  it('lets every token be used again and again', async () => {
    const { tokens } = await bed().tokensFor('ada')
    const answers = [1, 2, 3].map(() => bed().refresh(tokens.refresh_token))

    expect((await Promise.all(answers)).map(outcome)).to.deep.equal(['fine', 'fine', 'fine'])
  })
})
