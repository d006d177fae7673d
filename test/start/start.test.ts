import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect } from 'chai'
import { stringify } from 'yaml'
import { freePort } from '../support/free-port.ts'
import { leastEnv, workplace } from './run-gateway.ts'

describe('npm start', function () {
  this.timeout(30_000)
  const { run, write } = workplace()

  it('logs one line when it is ready, and answers from then on', async () => {
    const port = await freePort()
    const gateway = run('start', { ...leastEnv, PORT: String(port) })
    await gateway.ready()
    expect(await (await fetch(`http://localhost:${port}/health`)).json()).to.deep.equal({ status: 'ok' })
    const ready = gateway.lines().filter(({ message }) => message === 'cloakroom is ready')
    expect(ready).to.have.length(1)
    expect(ready[0]).to.deep.include({
      level: 'info',
      publicUrl: `http://localhost:${port}`,
      listening: `127.0.0.1:${port}`,
      env: 'dev',
      issuer: 'http://127.0.0.1:9/realms/demo',
      sessions: 'memory',
      routes: 0,
    })
    const metrics = await fetch(`http://${String(ready[0]?.management)}/metrics`)
    expect(await metrics.text()).to.contain('cloakroom_')
    expect(gateway.stderr()).to.equal('')
  })

  it('says what is only good for development, once each', async () => {
    const gateway = run('start', { ...leastEnv, PORT: String(await freePort()) })
    await gateway.ready()
    const warnings = gateway.lines().filter(({ level }) => level === 'warn')
    expect(warnings.map(({ message }) => String(message).split(' ')[0])).to.include.members([
      'REDIS_URL',
      'JWT_AUDIENCE',
    ])
  })

  it('reads .env and gateway.yaml in its folder', async () => {
    const port = await freePort()
    write(
      '.env',
      Object.entries({ ...leastEnv, PORT: port })
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    write(
      'gateway.yaml',
      stringify({ routes: [{ id: 'a', path: '/a', upstream: 'http://127.0.0.1:9', auth: 'none' }] }),
    )
    const gateway = run('start', {})
    await gateway.ready()
    expect(gateway.lines().at(-1)).to.deep.include({ publicUrl: `http://localhost:${port}`, routes: 1 })
  })

  it('starts with .env.example as it is', async () => {
    write('.env', readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'))
    const gateway = run('start', { PORT: String(await freePort()), MANAGEMENT_PORT: '0' })
    await gateway.ready()
    expect(gateway.lines().at(-1)).to.deep.include({ issuer: 'http://localhost:8080/realms/demo', env: 'dev' })
  })

  it('starts while Redis is away, and says so where one asks', async () => {
    const port = await freePort()
    const away = await freePort()
    const gateway = run('start', { ...leastEnv, PORT: String(port), REDIS_URL: `redis://127.0.0.1:${away}` })
    await gateway.ready()
    const answer = await fetch(`http://localhost:${port}/ready`)
    expect(answer.status).to.equal(503)
    const { dependencies } = (await answer.json()) as { dependencies: object }
    expect(dependencies).to.deep.include({ redis: { status: 'down', required: true } })
  })

  it('does not start with a bad configuration: every problem at once, and exit code 78', async () => {
    write('gateway.yaml', 'routes:\n  - id: a\n    path: /login\n    upstream: http://api\n    auth: none\n')
    const gateway = run('start', { PORT: 'abc', ENV: 'prod', LOGLEVEL: 'debug', KEYCLOAK_CLIENT_SECRET: 'change-me' })
    expect(await gateway.ended).to.deep.equal({ code: 78, signal: null })
    expect(gateway.stdout()).to.equal('')
    const problems = gateway.stderr()
    expect(problems).to.match(/^The configuration has \d+ problems:\n/)
    for (const name of ['PORT', 'LOGLEVEL', 'KEYCLOAK_SERVER_URL', 'KEYCLOAK_CLIENT_SECRET', 'REDIS_URL', 'PUBLIC_URL'])
      expect(problems).to.contain(`\n  - ${name}: `)
    expect(problems).to.contain("gateway.yaml routes[0] (a): path /login collides with the gateway's own /login")
    expect(problems).to.match(/docs\/configuration\.md\.\n$/)
    expect(problems).not.to.contain('    at ')
  })

  for (const setting of ['PORT', 'MANAGEMENT_PORT']) {
    it(`says that the port is taken when ${setting} is, and what to do`, async () => {
      const holder = createServer().listen(0, '127.0.0.1')
      await once(holder, 'listening')
      const { port } = holder.address() as AddressInfo
      const gateway = run('start', { ...leastEnv, PORT: String(await freePort()), [setting]: String(port) })
      const ended = await gateway.ended
      holder.close()
      expect(ended).to.deep.equal({ code: 1, signal: null })
      expect(gateway.stderr()).to.equal(
        `Port ${port} on 127.0.0.1 is taken. Stop what listens there, or set ${setting} to another port.\n`,
      )
      expect(gateway.stdout()).not.to.contain('is ready')
    })
  }

  for (const setting of ['HOST', 'MANAGEMENT_HOST']) {
    it(`says which setting is wrong when ${setting} is not an address of this machine`, async () => {
      const gateway = run('start', { ...leastEnv, PORT: String(await freePort()), [setting]: '192.0.2.1' })
      expect(await gateway.ended).to.deep.equal({ code: 1, signal: null })
      const of = setting === 'HOST' ? 'HOST and PORT' : 'MANAGEMENT_HOST and MANAGEMENT_PORT'
      expect(gateway.stderr()).to.match(
        new RegExp(`^The gateway cannot listen on 192\\.0\\.2\\.1:\\d+ .*Look at ${of}\\.\n$`),
      )
    })
  }

  it('goes on when nobody reads its log any more', async () => {
    const port = await freePort()
    const gateway = run('start', { ...leastEnv, PORT: String(port) })
    await gateway.ready()
    gateway.child.stdout?.destroy()
    for (let at = 0; at < 20; at++) expect((await fetch(`http://localhost:${port}/nothing`)).status).to.equal(404)
    gateway.child.kill('SIGTERM')
    expect(await gateway.ended).to.deep.equal({ code: 0, signal: null })
  })
})
