import { expect } from 'chai'
import { stringify } from 'yaml'
import { leastEnv, workplace } from './run-gateway.ts'

describe('npm run check-config', function () {
  this.timeout(30_000)
  const { run, write } = workplace()

  it('says what a good configuration means, and exits with 0', async () => {
    const route = { upstream: 'http://orders:9001', auth: ['session', 'bearer'] }
    const routes = [
      { id: 'orders', path: '/api/orders', ...route },
      { id: 'shop', path: '/', upstream: 'http://shop', auth: 'none' },
    ]
    write('gateway.yaml', stringify({ routes }))
    const check = run('check-config', { ...leastEnv, JWT_AUDIENCE: 'orders-api' })
    expect(await check.ended).to.deep.equal({ code: 0, signal: null })
    expect(check.stdout()).to.contain('The configuration is valid (dev).\n')
    expect(check.stdout()).to.contain('  public address  http://localhost:3000\n')
    expect(check.stdout()).to.contain('  issuer          http://127.0.0.1:9/realms/demo\n')
    expect(check.stdout()).to.contain('    orders: /api/orders → http://orders:9001 (session, bearer)\n')
    expect(check.stdout()).to.contain('    shop: / → http://shop (public)\n')
    expect(check.stdout()).to.contain('  note: REDIS_URL is not set')
    expect(check.stderr()).to.equal('')
  })

  it('says everything that is wrong with a bad one, and exits with 78', async () => {
    const check = run('check-config', { ...leastEnv, PORT: '70000', JWT_ALGORITHMS: 'none', GATEWAY_CONFIG: 'no.yaml' })
    expect(await check.ended).to.deep.equal({ code: 78, signal: null })
    expect(check.stdout()).to.equal('')
    for (const name of ['PORT', 'JWT_ALGORITHMS', 'GATEWAY_CONFIG']) expect(check.stderr()).to.contain(`  - ${name}: `)
    expect(check.stderr()).to.match(/docs\/configuration\.md\.\n$/)
  })

  it('never shows a secret', async () => {
    const secrets = {
      KEYCLOAK_CLIENT_SECRET: 'canary-1',
      SESSION_SECRET_KEY: 'canary-2',
      REDIS_URL: 'redis://user:canary-3@redis:6379',
    }
    const good = run('check-config', { ...leastEnv, ...secrets })
    const bad = run('check-config', { ...leastEnv, ...secrets, ENV: 'prod', REDIS_URL: 'rediss:/user:canary-3@redis' })
    await Promise.all([good.ended, bad.ended])
    expect(good.stdout() + good.stderr() + bad.stdout() + bad.stderr()).not.to.contain('canary')
  })
})
