import { expect } from 'chai'
import { configOf, least, problemsOf, production } from './config-of.ts'

const SENTINELS = { REDIS_SENTINELS: 'sentinel-1:26379, [::1]:26380' }
const CLUSTER = { REDIS_CLUSTER_NODES: '10.0.0.1:7000,redis-2.internal:7001' }
const LOGIN = { REDIS_USERNAME: 'cloakroom', REDIS_PASSWORD: 'q8ZfWv2n', REDIS_TLS: 'on' }

describe('The Redis of the settings', () => {
  it('is none, and then sessions live in this process', () => {
    expect(configOf(least).redis).to.equal(undefined)
    expect(configOf(least).warnings.join('\n')).to.contain('REDIS_URL is not set')
  })

  it('is one at an address', () => {
    const url = 'rediss://user:secret@redis:6380/2'
    expect(configOf({ ...least, REDIS_URL: url }).redis).to.deep.equal({ kind: 'single', url })
  })

  it('is behind Sentinels, with its login, its database and TLS', () => {
    const { redis, warnings } = configOf({ ...least, ...SENTINELS, ...LOGIN, REDIS_DATABASE: '3' })
    expect(redis).to.deep.equal({
      kind: 'sentinel',
      sentinels: [
        { host: 'sentinel-1', port: 26_379 },
        { host: '::1', port: 26_380 },
      ],
      name: 'mymaster',
      sentinelPassword: undefined,
      database: 3,
      username: 'cloakroom',
      password: 'q8ZfWv2n',
      tls: true,
    })
    expect(warnings.join('\n')).not.to.contain('REDIS_URL')
  })

  it('is a cluster', () => {
    expect(configOf({ ...least, ...CLUSTER, REDIS_PASSWORD: 'q8ZfWv2n' }).redis).to.deep.equal({
      kind: 'cluster',
      nodes: [
        { host: '10.0.0.1', port: 7_000 },
        { host: 'redis-2.internal', port: 7_001 },
      ],
      username: undefined,
      password: 'q8ZfWv2n',
      tls: false,
    })
  })

  const refused: [what: string, change: Record<string, string>, where: string, says: RegExp][] = [
    [
      'an address and Sentinels',
      { REDIS_URL: 'redis://a', ...SENTINELS },
      'REDIS_URL',
      /beside REDIS_SENTINELS\..*one/,
    ],
    ['an address and a cluster', { REDIS_URL: 'redis://a', ...CLUSTER }, 'REDIS_URL', /beside REDIS_CLUSTER_NODES\./],
    ['Sentinels and a cluster', { ...SENTINELS, ...CLUSTER }, 'REDIS_SENTINELS', /beside REDIS_CLUSTER_NODES\./],
    [
      'all three',
      { REDIS_URL: 'redis://a', ...SENTINELS, ...CLUSTER },
      'REDIS_URL',
      /beside REDIS_SENTINELS and REDIS_CLUSTER_NODES/,
    ],
    ['a database of a cluster', { ...CLUSTER, REDIS_DATABASE: '1' }, 'REDIS_DATABASE', /must be 0/],
    ['a user without a password', { ...CLUSTER, REDIS_USERNAME: 'x' }, 'REDIS_USERNAME', /needs REDIS_PASSWORD/],
    ['a password beside an address', { REDIS_URL: 'redis://a', REDIS_PASSWORD: 'x' }, 'REDIS_PASSWORD', /in REDIS_URL/],
    [
      'a password of Sentinels for a cluster',
      { ...CLUSTER, REDIS_SENTINEL_PASSWORD: 'x' },
      'REDIS_SENTINEL_PASSWORD',
      /with REDIS_SENTINELS only/,
    ],
  ]
  for (const [what, change, where, says] of refused) {
    it(`is refused: ${what}`, () => {
      const problems = problemsOf({ ...least, ...change })
      expect(problems.map((problem) => problem.where)).to.deep.equal([where])
      expect(problems[0]?.what).to.match(says)
    })
  }

  it('may be any of the three in production, and must be one', () => {
    const { REDIS_URL: _, ...others } = production
    expect(problemsOf(others).map(({ where }) => where)).to.deep.equal(['REDIS_URL'])
    for (const form of [SENTINELS, CLUSTER]) expect(problemsOf({ ...others, ...form })).to.deep.equal([])
  })
})
