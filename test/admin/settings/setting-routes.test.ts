import { expect } from 'chai'
import { describeRealm } from '../../../src/admin/settings/describe-settings.ts'
import { wrongFields } from '../serve-desk.ts'
import { serveSettings } from './setting-world.ts'

type World = Awaited<ReturnType<typeof serveSettings>>

describe('The endpoints for settings', () => {
  let world: World
  beforeEach(async () => {
    world = await serveSettings({
      USER_INFO_CACHE_TTL: '42',
      KEYCLOAK_ADMIN_CLIENT_ID: 'admin',
      KEYCLOAK_ADMIN_CLIENT_SECRET: 'canary-secret',
    })
  })
  afterEach(() => world.close())

  const settingOf = ({ body }: Awaited<ReturnType<World['ask']>>, name: string) =>
    body.data.settings.find((one: { name: string }) => one.name === name)
  const patch = (settings: object, more: object = {}) => world.ask('PATCH', '/settings', { settings, ...more })

  it('show what is in force and where it comes from, and no secret', async () => {
    const answer = await world.ask('GET', '/settings')
    expect(answer.headers.get('cache-control')).to.equal('no-store')
    expect(answer.headers.get('etag')).to.equal(`"${answer.body.data.version}"`)
    const changeable = { isChangeable: true, isSecret: false }
    expect(settingOf(answer, 'USER_INFO_CACHE_TTL')).to.include({
      value: 42,
      configured: 42,
      source: 'environment',
      ...changeable,
    })
    expect(settingOf(answer, 'GROUP_CACHE_TTL')).to.include({
      value: 600,
      default: '600',
      source: 'default',
      isSet: false,
    })
    const secret = { value: null, configured: null, default: null, isSet: true, isSecret: true, isChangeable: false }
    expect(settingOf(answer, 'KEYCLOAK_ADMIN_CLIENT_SECRET')).to.include(secret)
    expect(settingOf(answer, 'KEYCLOAK_REALM')).to.include({ value: 'demo', isChangeable: false })
    expect(JSON.stringify(answer.body)).not.to.contain('canary')
    expect(answer.body.data.kept).to.equal('process')
  })

  it('show the routes, and say why the realm is not known', async () => {
    world.state.isKeycloakAway = true
    const { body } = await world.ask('GET', '/settings')
    expect(body.data.routes).to.have.length(1)
    expect(body.data.routes[0]).to.deep.include({ id: 'orders', auth: ['session'], passesCookies: true, maxBody: null })
    expect(body.data.realm).to.deep.equal({ state: 'unknown', reason: 'Keycloak cannot be reached at the moment.' })
    world.state.isKeycloakAway = false
    expect((await world.ask('GET', '/settings')).body.data.realm.reason).to.contain('view-realm')
    expect(await describeRealm(undefined))
      .to.have.property('reason')
      .that.contains('KEYCLOAK_ADMIN_CLIENT_ID')
  })

  it('change several at once, write it down, and go back one by one', async () => {
    const changed = await patch({ LOG_LEVEL: 'debug', USER_INFO_CACHE_TTL: 7 })
    expect(changed.status).to.equal(200)
    expect(changed.body.data).to.include({ instances: 1, kept: 'process' })
    expect(settingOf(changed, 'USER_INFO_CACHE_TTL')).to.include({ value: 7, configured: 42, source: 'runtime' })
    expect(world.applied).to.deep.equal(['LOG_LEVEL=debug', 'USER_INFO_CACHE_TTL=7'])
    const back = await world.ask('DELETE', '/settings/USER_INFO_CACHE_TTL')
    expect(settingOf(back, 'USER_INFO_CACHE_TTL')).to.include({ value: 42, source: 'environment' })
    expect((await patch({ LOG_LEVEL: null })).status).to.equal(200)
    expect(world.audited.map(({ target, before, after }) => [target?.id, before, after])).to.deep.equal([
      [
        'LOG_LEVEL,USER_INFO_CACHE_TTL',
        { values: { LOG_LEVEL: 'info', USER_INFO_CACHE_TTL: 42 } },
        { values: { LOG_LEVEL: 'debug', USER_INFO_CACHE_TTL: 7 }, instances: 1 },
      ],
      [
        'USER_INFO_CACHE_TTL',
        { values: { USER_INFO_CACHE_TTL: 7 } },
        { values: { USER_INFO_CACHE_TTL: 42 }, instances: 1 },
      ],
      ['LOG_LEVEL', { values: { LOG_LEVEL: 'debug' } }, { values: { LOG_LEVEL: 'info' }, instances: 1 }],
    ])
  })

  it('refuse what is based on an old version, and tell what has changed since', async () => {
    const { version } = (await world.ask('GET', '/settings')).body.data
    expect((await patch({ LOG_LEVEL: 'debug' }, { version })).status).to.equal(200)
    const tag = { 'if-match': `"${version}"` }
    for (const late of [
      await patch({ GROUP_CACHE_TTL: 1 }, { version }),
      await world.ask('PATCH', '/settings', { settings: { GROUP_CACHE_TTL: 1 } }, tag),
      await world.ask('DELETE', '/settings/LOG_LEVEL', undefined, tag),
    ]) {
      expect([late.status, late.body.error.code]).to.deep.equal([409, 'VERSION_CONFLICT'])
      expect(late.body.error.details.changed).to.deep.equal([{ field: 'LOG_LEVEL', now: 'debug' }])
      const now = { 'if-match': `"${late.body.error.details.version}"` }
      expect((await world.ask('DELETE', '/settings/GROUP_CACHE_TTL', undefined, now)).status).to.equal(200)
    }
    expect(world.applied).to.deep.equal(['LOG_LEVEL=debug'])
  })

  const AWAY: [what: keyof World['state'], status: number, code: string][] = [
    ['isStoreAway', 503, 'SETTINGS_UNAVAILABLE'],
    ['isAuditAway', 503, 'AUDIT_UNAVAILABLE'],
    ['isRefused', 403, 'INSUFFICIENT_PERMISSIONS'],
  ]
  for (const [what, status, code] of AWAY)
    it(`change nothing when ${what}`, async () => {
      world.state[what] = true
      const answers = [await patch({ LOG_LEVEL: 'debug' }), await world.ask('DELETE', '/settings/LOG_LEVEL')]
      for (const answer of answers) expect([answer.status, answer.body.error.code]).to.deep.equal([status, code])
      if (status === 503) expect(answers[0]?.headers.get('retry-after')).to.match(/^\d+$/)
      expect(world.applied).to.deep.equal([])
      world.state.isStoreAway = false
      expect(await world.store.read()).to.equal(null)
    })

  const REFUSED: [what: string, body: unknown, field: string][] = [
    ['nothing', {}, 'settings'],
    ['no settings', { settings: {} }, 'settings'],
    ['a list', { settings: ['LOG_LEVEL'] }, 'settings'],
    ['a text', { settings: 'LOG_LEVEL=debug' }, 'settings'],
    ['null', { settings: null }, 'settings'],
    ['a setting nobody knows', { settings: { LOG_LEVLE: 'debug' } }, 'settings.LOG_LEVLE'],
    ['a setting that cannot be changed', { settings: { REDIS_URL: 'redis://evil' } }, 'settings.REDIS_URL'],
    ['a secret', { settings: { SESSION_SECRET_KEY: 'mine' } }, 'settings.SESSION_SECRET_KEY'],
    ['another level', { settings: { LOG_LEVEL: 'silly' } }, 'settings.LOG_LEVEL'],
    ['a level in capitals', { settings: { LOG_LEVEL: 'DEBUG' } }, 'settings.LOG_LEVEL'],
    ['a number as text', { settings: { GROUP_CACHE_TTL: '300' } }, 'settings.GROUP_CACHE_TTL'],
    ['half a second', { settings: { GROUP_CACHE_TTL: 0.5 } }, 'settings.GROUP_CACHE_TTL'],
    ['less than nothing', { settings: { JWKS_CACHE_TTL: -1 } }, 'settings.JWKS_CACHE_TTL'],
    ['more than a year', { settings: { JWKS_CACHE_TTL: 31_536_001 } }, 'settings.JWKS_CACHE_TTL'],
    ['a huge number', '{"settings":{"JWKS_CACHE_TTL":1e999}}', 'settings.JWKS_CACHE_TTL'],
    [
      'one right and one wrong',
      { settings: { LOG_LEVEL: 'debug', GROUP_CACHE_TTL: true } },
      'settings.GROUP_CACHE_TTL',
    ],
    ['one that comes twice', '{"settings":{"LOG_LEVEL":"debug","LOG_LEVEL":"info"}}', 'LOG_LEVEL'],
    ['a prototype', '{"settings":{"__proto__":{"LOG_LEVEL":"debug"}}}', '__proto__'],
    ['another member', { settings: { LOG_LEVEL: 'debug' }, force: true }, 'force'],
    ['a version that is none', { settings: { LOG_LEVEL: 'debug' }, version: '*' }, 'version'],
  ]
  for (const [what, body, field] of REFUSED)
    it(`refuse ${what} by the field`, async () => {
      const answer = await world.ask('PATCH', '/settings', body)
      expect([answer.status, answer.body.error.code]).to.deep.equal([400, 'INVALID_REQUEST'])
      expect(wrongFields(answer)).to.include(field)
      expect([world.applied, world.audited]).to.deep.equal([[], []])
    })

  it('go back only from what can be changed', async () => {
    for (const name of ['REDIS_URL', 'log_level', 'toString', '%00', 'LOG_LEVEL%20', 'x'.repeat(300)]) {
      const answer = await world.ask('DELETE', `/settings/${name}`)
      expect([answer.status, wrongFields(answer)], name).to.deep.equal([400, ['name']])
    }
    expect(wrongFields(await world.ask('GET', '/settings?verbose=1'))).to.deep.equal(['verbose'])
    expect(wrongFields(await world.ask('DELETE', '/settings/LOG_LEVEL?force=1'))).to.deep.equal(['force'])
  })

  it('know their methods', async () => {
    expect((await world.ask('PUT', '/settings', {})).headers.get('allow')).to.equal('GET, HEAD, PATCH')
    expect((await world.ask('PATCH', '/settings/LOG_LEVEL', {})).headers.get('allow')).to.equal('DELETE')
    expect((await world.ask('GET', '/Settings')).status).to.equal(404)
  })
})
