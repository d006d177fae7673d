import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { deriveRealm } from '../../keycloak/derive-realm.ts'
import { readRealm } from '../../keycloak/realm-file.ts'
import { DEMO_FILE } from './realm-file/spoil.ts'

describe('A derived realm', () => {
  const demo = readRealm(readFileSync(DEMO_FILE, 'utf8'), {}, DEMO_FILE)
  const derived = deriveRealm(demo, {
    name: 'journey-7',
    publicUrl: 'http://localhost:41234',
    backchannelUrl: 'http://127.0.0.1:41235/ignored',
    overrides: { accessTokenLifespan: 5 },
  })
  const client = (id: string) => derived.clients?.find(({ clientId }) => clientId === id)

  it('has the new name wherever the old one was', () => {
    expect(derived.realm).to.equal('journey-7')
    expect(JSON.stringify(derived)).not.to.match(/default-roles-demo|\/realms\/demo\/|\/admin\/demo\//)
    expect(derived.defaultRole?.name).to.equal('default-roles-journey-7')
    expect(client('account')?.redirectUris).to.eql(['/realms/journey-7/account/*'])
  })

  it('is as sound as the file it comes from', () => {
    expect(readRealm(JSON.stringify(derived), {}, 'derived')).to.eql(JSON.parse(JSON.stringify(derived)))
  })

  it('has its gateway at the new address, and back-channel logout where Keycloak reaches it', () => {
    const gateway = client('cloakroom')
    expect(gateway?.redirectUris).to.eql(['http://localhost:41234/callback'])
    expect(gateway?.attributes).to.include({
      'post.logout.redirect.uris': 'http://localhost:41234/',
      'backchannel.logout.url': 'http://127.0.0.1:41235/backchannel-logout',
    })
  })

  it('takes the overrides and leaves the original alone', () => {
    expect(derived.accessTokenLifespan).to.equal(5)
    expect(demo.accessTokenLifespan).to.equal(300)
    expect(demo.clients?.[0]?.redirectUris).to.eql(['http://localhost:3000/callback'])
  })

  it('keeps every address when none is given', () => {
    const renamed = deriveRealm(demo, { name: 'other' })
    expect(renamed.clients?.[0]?.redirectUris).to.eql(['http://localhost:3000/callback'])
  })

  it('keeps passwords and texts that only look like the name', () => {
    const alice = derived.users?.find(({ username }) => username === 'alice')
    expect(alice?.credentials?.[0]?.value).to.equal('wonderland-demo')
  })
})
