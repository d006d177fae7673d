import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { readApplyOptions } from '../../../keycloak/apply/apply-options.ts'
import { demoSecrets, isLoopback } from '../../../keycloak/apply/demo-secrets.ts'
import { readRealm } from '../../../keycloak/realm-file.ts'
import { DEMO_FILE, demoText } from '../realm-file/spoil.ts'

describe('npm run keycloak:apply', () => {
  it('needs to be told nothing for the demo', () => {
    const options = readApplyOptions([], {})
    expect(options).to.deep.include({ url: 'http://localhost:8080', admin: { username: 'admin', password: 'admin' } })
    expect(existsSync(options.realmFile)).to.equal(true)
  })

  it('takes the address the gateway itself uses, and an argument before that', () => {
    const env = { KEYCLOAK_SERVER_URL: 'https://id.example.com', KEYCLOAK_INTERNAL_URL: 'http://keycloak:8080' }
    expect(readApplyOptions([], env).url).to.equal('http://keycloak:8080')
    expect(readApplyOptions(['--url', 'http://other'], env).url).to.equal('http://other')
  })

  it('signs in as a client when there is one', () => {
    const env = { KC_BOOTSTRAP_ADMIN_CLIENT_ID: 'deployer', KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: 's' }
    expect(readApplyOptions([], env).admin).to.eql({ clientId: 'deployer', clientSecret: 's' })
  })

  for (const [args, message] of [
    [['--url', 'localhost:8080'], /is not the address of a server/],
    [['--url', 'ftp://host'], /is not the address of a server/],
    [['--ulr', 'http://host'], /Unknown option '--ulr'/],
    [['http://host'], /Unexpected argument 'http:\/\/host'/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, () => {
      expect(() => readApplyOptions([...args], {})).to.throw(message)
    })
  }

  it('knows the secrets and passwords that are published with the demo', () => {
    expect(demoSecrets(readRealm(demoText, {}, DEMO_FILE)).length).to.equal(9)
    const names = ['CLIENT', 'ADMIN_CLIENT', 'CLIENTS_CLIENT', 'REALM_CLIENT', 'PASSWORDS_CLIENT'].map(
      (name) => `CLOAKROOM_${name}_SECRET`,
    )
    const own = Object.fromEntries([...names, 'ORDERS_SERVICE_SECRET'].map((name) => [name, name.toLowerCase()]))
    const left = demoSecrets(readRealm(demoText, own, DEMO_FILE))
    expect(left).to.eql(['users[0].credentials', 'users[1].credentials', 'users[2].credentials'])
  })

  it('knows which servers only this machine can reach', () => {
    for (const near of ['http://localhost:8080', 'http://127.0.0.1', 'http://127.8.8.8:1', 'http://[::1]:8080']) {
      expect(isLoopback(near), near).to.equal(true)
    }
    for (const far of [
      'http://keycloak:8080',
      'https://id.example.com',
      'http://localhost.example.com',
      'http://10.0.0.1',
    ]) {
      expect(isLoopback(far), far).to.equal(false)
    }
  })
})
