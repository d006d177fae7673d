import { expect } from 'chai'
import { ConfigError } from '../../../src/platform/config/config-error.ts'
import { loadConfig } from '../../../src/platform/config/load-config.ts'
import { SECRET_FILES } from '../../../src/platform/config/secrets-from-files.ts'
import { least, production } from './config-of.ts'

const SECRET = 'of-the-file-7Jq'
const FILES: Record<string, string> = {
  '/run/secrets/client': `${SECRET}\n`,
  '/run/secrets/windows': `${SECRET}\r\n`,
  '/run/secrets/blanks': ` ${SECRET} `,
  '/run/secrets/empty': '\n',
  '/run/secrets/lines': `${SECRET}\nand another\n`,
  '/run/secrets/huge': SECRET.repeat(10_000),
  '/run/secrets/redis': 'redis://user:in-the-file@redis.shop.test:6379\n',
  '/run/secrets/sample': 'change-me-please\n',
}

const read = (env: Record<string, string>) =>
  loadConfig(env, (path) => {
    const text = FILES[path]
    if (text !== undefined) return text
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  })

function problemsOf(env: Record<string, string>) {
  try {
    read(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const withoutSecret = { ...least, KEYCLOAK_CLIENT_SECRET: '' }
const from = (path: string) => ({ ...withoutSecret, KEYCLOAK_CLIENT_SECRET_FILE: path })

describe('A secret in a file', () => {
  for (const path of ['/run/secrets/client', '/run/secrets/windows'])
    it(`counts as the variable it stands for, without the line break at its end (${path})`, () => {
      expect(read(from(path)).provider.clientSecret).to.equal(SECRET)
    })

  it('is taken as it stands otherwise', () => {
    expect(read(from('/run/secrets/blanks')).provider.clientSecret).to.equal(` ${SECRET} `)
  })

  it('may be each secret that there is, and nothing else', () => {
    expect([...SECRET_FILES.values()]).to.include.members([
      'KEYCLOAK_CLIENT_SECRET_FILE',
      'KEYCLOAK_ADMIN_CLIENT_SECRET_FILE',
      'SESSION_SECRET_KEY_FILE',
      'SESSION_ENCRYPTION_KEYS_FILE',
      'REDIS_URL_FILE',
      'REDIS_PASSWORD_FILE',
      'DATABASE_URL_FILE',
      'AUDIT_HASH_KEYS_FILE',
    ])
    expect([...SECRET_FILES.keys()]).to.not.include.members(['PUBLIC_URL', 'LOG_LEVEL'])
  })

  it('is never shown: only that it is set, and of an address the address alone', () => {
    const { settings } = read({ ...from('/run/secrets/client'), REDIS_URL_FILE: '/run/secrets/redis' })
    const viewOf = (wanted: string) => settings.find(({ name }) => name === wanted)
    expect(viewOf('KEYCLOAK_CLIENT_SECRET')).to.include({ isSet: true, value: null })
    expect(viewOf('REDIS_URL')).to.include({ isSet: true, value: 'redis://redis.shop.test:6379' })
  })

  it('keeps the rules for secrets: a sample is refused in production', () => {
    const [problem, ...others] = problemsOf({
      ...production,
      KEYCLOAK_CLIENT_SECRET: '',
      KEYCLOAK_CLIENT_SECRET_FILE: '/run/secrets/sample',
    })
    expect([problem?.where, others]).to.deep.equal(['KEYCLOAK_CLIENT_SECRET', []])
  })

  for (const [what, path, told] of [
    ['cannot be read', '/run/secrets/none', 'cannot be read (ENOENT)'],
    ['is empty', '/run/secrets/empty', 'is empty'],
    ['has several lines', '/run/secrets/lines', 'has several lines'],
    ['is far too long', '/run/secrets/huge', 'is too long'],
  ] as const)
    it(`is refused once when its file ${what}, by the path and never by what is in it`, () => {
      const problems = problemsOf(from(path))
      expect(problems.map(({ where }) => where)).to.deep.equal(['KEYCLOAK_CLIENT_SECRET_FILE'])
      expect(problems[0]?.what).to.contain(`names ${path}, which ${told}`).and.not.contain(SECRET)
    })

  it('is refused beside the variable: only one of them can count', () => {
    const problems = problemsOf({ ...least, KEYCLOAK_CLIENT_SECRET_FILE: '/run/secrets/client' })
    expect(problems).to.deep.equal([
      {
        where: 'KEYCLOAK_CLIENT_SECRET_FILE',
        what: 'and KEYCLOAK_CLIENT_SECRET are both set, and only one can count. Remove one of them.',
      },
    ])
  })

  it('is no setting where there is no such secret', () => {
    expect(problemsOf({ ...least, JWT_AUDIENCE_FILE: '/run/secrets/client' })[0]?.where).to.equal('JWT_AUDIENCE_FILE')
  })
})
