import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect } from 'chai'
import { settingRows } from '../../docs/generators/setting-rows.ts'
import { loadConfig } from '../../src/platform/config/load-config.ts'
import { laterSettings, settingsShape } from '../../src/platform/config/settings.ts'
import { repositoryRoot } from './source-tree.ts'

const textOf = (name: string) => readFileSync(join(repositoryRoot, name), 'utf8')
const noFile = () => {
  throw Object.assign(new Error('absent'), { code: 'ENOENT' })
}

describe('The generated references', () => {
  it('are what `npm run docs` makes of the source', () => {
    const { status, stderr } = spawnSync('node', ['docs/generate.ts', '--check'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    })
    expect(status, stderr).to.equal(0)
  })

  it('name every setting in the table and in .env.example, once', () => {
    const [table, example] = [textOf('docs/configuration.md'), textOf('.env.example')]
    for (const name of Object.keys(settingsShape)) {
      expect(table.match(new RegExp(`^\\| \`${name}\` \\|`, 'gm')), name).to.have.length(1)
      expect(example.match(new RegExp(`^(# )?${name}=`, 'gm')), name).to.have.length(1)
    }
    for (const name of Object.keys(laterSettings)) expect(table).to.contain(`| \`${name}\` |`)
  })

  it('explain every setting in a sentence of their own', () => {
    for (const { name, doc } of settingRows()) expect(doc, name).to.match(/^[A-Z`].*\.$/)
  })

  it('show defaults that mean the same when they are written out', () => {
    for (const { name, fallback } of settingRows()) {
      if (fallback === undefined) continue
      const schema = settingsShape[name as keyof typeof settingsShape]
      expect(schema.parse(fallback), name).to.deep.equal(schema.parse(undefined))
    }
  })

  it('show labels for every series, except for a gauge that has one value only', () => {
    const rows = textOf('docs/metrics.md').match(/^\| `cloakroom_.*$/gm) ?? []
    expect(rows).to.have.lengthOf.at.least(9)
    for (const row of rows)
      expect(row).to.match(/^\| `\w+` \| (gauge \| |(counter|gauge|histogram) \| `\w+`(, `\w+`)*) \| .+ \|$/)
  })
})

describe('.env.example', () => {
  const text = textOf('.env.example')

  it('works as it is in development', () => {
    const config = loadConfig(parseEnv(text), noFile)
    expect(config.provider).to.include({ issuer: 'http://localhost:8080/realms/demo', clientId: 'cloakroom' })
    expect(config.admin).not.to.equal(undefined)
  })

  it('is refused in production, because everybody knows its secrets', () => {
    const env = { ...parseEnv(text), ENV: 'prod', PUBLIC_URL: 'https://app.test', REDIS_URL: 'redis://redis:6379' }
    expect(() => loadConfig(env, noFile)).to.throw(/KEYCLOAK_CLIENT_SECRET: is a sample value/)
  })

  it('holds samples that can be taken over: each example is a good value', () => {
    for (const { name, example } of settingRows()) {
      if (example === undefined || example === '') continue
      const parsed = settingsShape[name as keyof typeof settingsShape].safeParse(example)
      expect(parsed.success, `${name}=${example}`).to.equal(true)
    }
  })

  it('names everything that docker-compose.yml takes from it', () => {
    const taken = [...textOf('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name)
    expect(taken).to.have.lengthOf.at.least(3)
    for (const name of new Set(taken)) expect(text, name).to.match(new RegExp(`^(# )?${name}=`, 'm'))
  })

  it('carries the same secrets as the demo realm', () => {
    const realm = textOf('keycloak/realms/demo-realm.json')
    const { KEYCLOAK_CLIENT_SECRET, KEYCLOAK_ADMIN_CLIENT_SECRET } = parseEnv(text)
    for (const secret of [KEYCLOAK_CLIENT_SECRET, KEYCLOAK_ADMIN_CLIENT_SECRET]) expect(realm).to.contain(`:${secret}}`)
  })
})
