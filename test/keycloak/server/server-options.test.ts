import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { readServerOptions } from '../../../keycloak/server/server-options.ts'

describe('npm run keycloak', () => {
  const home = { CLOAKROOM_CACHE_DIR: '/cache' }

  it('needs to be told nothing', () => {
    const options = readServerOptions([], home)
    expect(options).to.deep.include({ port: 8080, managementPort: 9000, url: 'http://localhost:8080', fresh: false })
    expect(options).to.deep.include({ adminUser: 'admin', adminPassword: 'admin', cacheDir: '/cache' })
    expect(existsSync(options.realmFile)).to.equal(true)
  })

  it('keeps the data of servers on different ports apart', () => {
    expect(readServerOptions(['--port', '8081'], home).dataDir).to.equal('/cache/data-8081')
    expect(readServerOptions([], home).logFile).to.equal('/cache/data-8080/keycloak.log')
  })

  it('takes arguments before the environment', () => {
    const env = {
      ...home,
      KEYCLOAK_PORT: '8085',
      KEYCLOAK_DATA_DIR: '/data',
      KEYCLOAK_SERVER_URL: 'http://id.test:8085/',
    }
    expect(readServerOptions([], env)).to.deep.include({ port: 8085, dataDir: '/data', url: 'http://id.test:8085' })
    expect(readServerOptions(['--port=8086', '--fresh'], env)).to.deep.include({ port: 8086, fresh: true })
  })

  for (const [args, message] of [
    [['--port', 'http'], /--port is "http"; it must be a whole number/],
    [['--port', '0'], /from 1 to 65535/],
    [['--port', '65536'], /from 1 to 65535/],
    [['--management-port', '1e3'], /--management-port is "1e3"/],
    [['--url', 'localhost'], /write the address of the server/],
    [['--prot', '8080'], /Unknown option '--prot'/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, () => {
      expect(() => readServerOptions([...args], home)).to.throw(message)
    })
  }
})
