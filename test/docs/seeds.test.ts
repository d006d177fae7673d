import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { apiOperations } from '../../src/assembly/api-operations.ts'

const page = readFileSync('docs/seeds.md', 'utf8')
const quoted = [...page.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| The seed'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>

describe('The map of the seeds', () => {
  it('names endpoints that there are', () => {
    const there = apiOperations.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replace('{prefix}', '/api/v1')}`,
    )
    const named = quoted.filter((text) => /^(GET|POST|PUT|PATCH|DELETE) \//.test(text))
    expect(named.length).to.be.greaterThan(60)
    expect(named.filter((endpoint) => !there.includes(endpoint))).to.deep.equal([])
  })

  it('names settings that there are', () => {
    const settings = readFileSync('docs/configuration.md', 'utf8')
    const named = quoted.filter((text) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text))
    expect(named.length).to.be.greaterThan(40)
    expect(named.filter((name) => !settings.includes(`\`${name}\``))).to.deep.equal([])
  })

  it('names files and scripts that there are', () => {
    const files = quoted.filter((text) => /^(test|src|docs)\/\S+\.\w+$/.test(text) || /^docker|^Dockerfile/i.test(text))
    const links = [...page.matchAll(/\]\(([\w.-]+)\)/g)].map(([, name]) => `docs/${name}`)
    expect([...files, ...links].filter((path) => !existsSync(path))).to.deep.equal([])
    const commands = quoted.flatMap((text) => /^npm (?:run )?(\S+)$/.exec(text)?.[1] ?? [])
    expect(commands.filter((name) => scripts[name] === undefined)).to.deep.equal([])
  })

  it('says of every row what shows it, or that it is for later', () => {
    expect(rows.length).to.be.greaterThan(90)
    const shown = /`test\/\S+\.test\.ts`|`npm run bench`|^later$|^Keycloak$/
    const bare = rows.filter(([, where = '', by = '']) => where === '' || !shown.test(by))
    expect(bare.map(([what]) => what)).to.deep.equal([])
  })
})
