import { expect } from 'chai'
import { docOf } from '../../../src/platform/config/setting.ts'
import { settingViews } from '../../../src/platform/config/setting-views.ts'
import { settingsShape } from '../../../src/platform/config/settings.ts'
import { configOf, least } from './config-of.ts'

const names = Object.keys(settingsShape)
const secrets = Object.entries(settingsShape).flatMap(([name, schema]) => (docOf(schema)?.secret ? [name] : []))
const viewOf = (env: Record<string, string>, name: string) => settingViews(env).find((view) => view.name === name)

describe('Settings as they may be shown', () => {
  it('are all that there are, each with its meaning', () => {
    const views = settingViews({})
    expect(views.map(({ name }) => name)).to.deep.equal(names)
    for (const { name, meaning, group } of views) expect([meaning, group].join(''), name).to.match(/\S{4,}/)
    expect(configOf(least).settings.map(({ name }) => name)).to.deep.equal(names)
  })

  it('tell the default, what was set, and which of them counts', () => {
    expect(viewOf({}, 'USER_INFO_CACHE_TTL')).to.include({
      default: '300',
      value: '300',
      isSet: false,
      isSecret: false,
    })
    expect(viewOf({ USER_INFO_CACHE_TTL: '9' }, 'USER_INFO_CACHE_TTL')).to.include({
      default: '300',
      value: '9',
      isSet: true,
    })
    expect(viewOf({}, 'RATE_LIMIT_LOGIN')).to.include({ default: '120/60', value: '120/60' })
    expect(viewOf({}, 'JWT_ALGORITHMS')).to.include({ default: 'RS256,ES256' })
    expect(viewOf({}, 'ALLOWED_HOSTS')).to.include({ default: null, value: null, isSet: false })
  })

  it('tell the address that follows from others', () => {
    const shown = (env: Record<string, string>) => configOf(env).settings.find(({ name }) => name === 'PUBLIC_URL')
    expect(shown({ ...least, PORT: '3456' })).to.include({
      value: 'http://localhost:3456',
      isSet: false,
      default: null,
    })
    expect(shown({ ...least, PUBLIC_URL: 'https://app.test' })).to.include({ value: 'https://app.test', isSet: true })
  })

  it('never show a secret, whichever it is', () => {
    const addresses: Record<string, string> = {
      REDIS_URL: 'rediss://canary-user:canary-pass@redis.test:6380/3?password=canary-query#canary',
      DATABASE_URL: 'postgres://canary-user:canary-pass@db.test/shop?password=canary-query&sslkey=canary',
    }
    expect(secrets).to.include.members(Object.keys(addresses))
    const env = Object.fromEntries(secrets.map((name) => [name, addresses[name] ?? `canary-of-${name}`]))
    const views = settingViews(env).filter(({ isSecret }) => isSecret)
    expect(JSON.stringify(views.map(({ value, default: fallback }) => [value, fallback]))).not.to.contain('canary')
    expect(views.map(({ name, isSet }) => [name, isSet])).to.deep.equal(secrets.map((name) => [name, true]))
    const shown = views.filter(({ value }) => value !== null).map(({ name, value }) => [name, value])
    expect(shown).to.have.deep.members([
      ['REDIS_URL', 'rediss://redis.test:6380/3'],
      ['DATABASE_URL', 'postgres://db.test/shop'],
    ])
  })

  for (const [text, shown] of [
    ['sqlite:./data/cloakroom.db', 'sqlite:./data/cloakroom.db'],
    ['canary without an address', null],
    ['postgres://u:canary%40x@h:5432/d', 'postgres://h:5432/d'],
    ['redis://canary@h', 'redis://h'],
  ] as const)
    it(`show of ${text} only ${shown}`, () => {
      expect(viewOf({ DATABASE_URL: text }, 'DATABASE_URL')).to.include({ value: shown, isSet: true })
    })

  it('are called secret wherever the name says so', () => {
    const telling = names.filter((name) =>
      /SECRET|PASSWORD|(^|_)KEYS?($|_(?!FILE|HOSTS))|CREDENTIAL|PASSPHRASE/.test(name),
    )
    const named = telling.filter((name) => !/_CLIENT_ID$|_FILE$|_HOSTS$|_TTL$|_MAXSIZE$/.test(name))
    expect(named.filter((name) => !secrets.includes(name))).to.deep.equal([])
    expect(named).to.include.members([
      'KEYCLOAK_CLIENT_SECRET',
      'SESSION_SECRET_KEY',
      'REDIS_PASSWORD',
      'AUDIT_HASH_KEYS',
    ])
  })
})
