import { expect } from 'chai'
import { decodeProtectedHeader } from 'jose'
import { readAnswer } from './support/answer.ts'
import { onServers } from './support/servers.ts'
import { useTestBed } from './support/test-bed.ts'

type Jwk = { kid: string; use: string }

onServers('A new signing key', (server) => {
  const bed = useTestBed(server)
  const keyIds = async () => {
    const { json } = await readAnswer(await fetch(bed().oidc('certs')))
    return json.keys.filter((key: Jwk) => key.use === 'sig').map((key: Jwk) => key.kid)
  }
  const kidOf = (token: string) => decodeProtectedHeader(token).kid
  const addKey = async () => {
    const realm = (await bed().admin('GET', '')).json
    const body = {
      name: 'rotated',
      providerId: 'rsa-generated',
      providerType: 'org.keycloak.keys.KeyProvider',
      parentId: realm.id,
      config: { priority: ['200'], enabled: ['true'], active: ['true'], algorithm: ['RS256'] },
    }
    return bed().admin('POST', '/components', { body })
  }

  it('signs from the next token on, beside the old one', async () => {
    const before = await bed().tokensFor('ada')
    const made = await addKey()
    const after = await bed().tokensFor('ada')

    expect(made.status).to.equal(201)
    expect(made.location?.href).to.match(/\/components\/[0-9a-f-]{36}$/)
    expect(kidOf(after.tokens.access_token)).not.to.equal(kidOf(before.tokens.access_token))
    expect(await keyIds()).to.deep.equal([kidOf(after.tokens.access_token), kidOf(before.tokens.access_token)])
    expect((await bed().userinfo(before.tokens.access_token)).status).to.equal(200)
    expect((await bed().refresh(before.tokens.refresh_token)).status).to.equal(200)
  })

  it('leaves the old one listed when that turns passive, and takes it away when it is disabled', async () => {
    const before = await bed().tokensFor('ada')
    const old = kidOf(before.tokens.access_token)
    const { json } = await bed().admin('GET', '/keys')
    const component = json.keys.find((key: Jwk) => key.kid === old).providerId
    const current = (await bed().admin('GET', `/components/${component}`)).json
    const set = (config: object) =>
      bed().admin('PUT', `/components/${component}`, { body: { ...current, config: { ...current.config, ...config } } })
    await set({ active: ['false'] })
    const passive = await keyIds()
    const after = await bed().tokensFor('ben')
    await set({ active: ['false'], enabled: ['false'] })

    expect(passive).to.include(old)
    expect(kidOf(after.tokens.access_token)).not.to.equal(old)
    expect(await keyIds()).not.to.include(old)
    expect((await bed().userinfo(before.tokens.access_token)).status).to.equal(401)
    const hint = new URLSearchParams({ id_token_hint: before.tokens.id_token })
    expect((await fetch(`${bed().oidc('logout')}?${hint}`)).status).to.equal(400)
  })
})
