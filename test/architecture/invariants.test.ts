import { expect } from 'chai'
import { readSourceTree, withoutComments } from './source-tree.ts'

const source = readSourceTree('src').map((file) => ({ ...file, code: withoutComments(file.text) }))
const pathsWhere = (pattern: RegExp) => source.filter(({ code }) => pattern.test(code)).map(({ path }) => path)

/** They write an answer of their own, because no request reached the error handler or because it is no error body. */
const OWN_STATUS: Record<string, string> = {
  'src/edge/parser-errors.ts': "what Node's parser could not read; an empty body",
  'src/edge/slow-clients.ts': '408 to a client that stopped in the middle of its body; the bare socket',
  'src/operations/health-routes.ts': '/ready answers 503 with the state of the dependencies, which is its contract',
  'src/operations/management-server.ts': 'another listener, without stations',
}

/** Tables that are filled while requests run, and why two gateways in one process do not meet in them. */
const SHARED_ON_PURPOSE: Record<string, string> = {
  'src/edge/expectation.ts': 'weak, by request object: a request belongs to one server',
  'src/proxy/headers/identity-headers.ts': 'weak, by identity object, holds what a pure function made of it',
}

describe('invariants', () => {
  it('only the configuration reads the environment, and the entry points hand it over', () => {
    const readers = pathsWhere(/\bprocess\s*\.\s*env\b|\bprocess\s*\[|\benv\s*}\s*=\s*process\b/)
    expect(readers).to.deep.equal(['src/audit-verify.ts', 'src/check-config.ts', 'src/main.ts'])
    for (const { path, code } of source.filter((file) => readers.includes(file.path))) {
      expect(code, path).to.match(/\w+\(process\.env\)/)
      expect(code.match(/process\.env/g), path).to.have.length(1)
    }
  })

  it('only the error handler writes error bodies', () => {
    const writers = source.filter(({ code }) =>
      /\b(failure|problemDetails|oauthFailure)\b[^\n]*errors\/(envelope|oauth-failure)\.ts/.test(code),
    )
    expect(writers.map(({ path }) => path)).to.deep.equal(['src/platform/observability/error-handler.ts'])
  })

  it('nobody else answers with the status of a failure', () => {
    const status =
      /(\bstatusCode\s*=|\.status\(|\.sendStatus\(|\.writeHead\()[^\n;]{0,40}\b[45]\d\d\b|'(HTTP\/1\.1 )?[45]\d\d [A-Z]/
    const others = pathsWhere(status)
    expect(others).to.deep.equal(Object.keys(OWN_STATUS))
  })

  it('only redis-keys names keys and channels', () => {
    expect(pathsWhere(/['"`]cloakroom:/)).to.deep.equal(['src/platform/redis/redis-keys.ts'])
  })

  it('only the metrics know Prometheus, only log.ts knows winston, only resilience.ts knows cockatiel', () => {
    const countingHouse = /^src\/platform\/observability\/(([a-z]+-)?metrics|tally-[a-z]+)\.ts$/
    for (const path of pathsWhere(/from 'prom-client'/)) expect(path).to.match(countingHouse)
    expect(pathsWhere(/from 'winston'/)).to.deep.equal(['src/platform/observability/log.ts'])
    expect(pathsWhere(/from 'cockatiel'/)).to.deep.equal(['src/platform/http/resilience.ts'])
  })

  it('nothing writes to the console', () => {
    expect(pathsWhere(/\bconsole\.\w+\(/)).to.deep.equal([])
  })

  it('no module has state of its own', () => {
    const offences = source.flatMap(({ path, code }) => moduleState(code).map((name) => ({ path, name })))
    expect(offences.filter(({ path }) => !(path in SHARED_ON_PURPOSE))).to.deep.equal([])
    const needed = new Set(offences.map(({ path }) => path))
    expect(Object.keys(SHARED_ON_PURPOSE).filter((path) => !needed.has(path))).to.deep.equal([])
  })

  it('no module does anything when it is imported, except the entry points', () => {
    const acting = source.filter(({ code }) => topStatements(code).length > 0)
    expect(acting.map(({ path }) => path)).to.deep.equal(['src/audit-verify.ts', 'src/check-config.ts', 'src/main.ts'])
  })
})

/** Lines at the left margin that are neither a declaration nor the end of one. */
function topStatements(code: string): string[] {
  const declaration = /^(import|export|const|let|var|function|async function|class|interface|type|declare|[})\]])/
  const lines = code.replace(/`(?:[^`\\]|\\.)*`/g, '``').split('\n')
  return lines.filter((line) => /^\S/.test(line) && !declaration.test(line))
}

/** Names at the top of a module that can change after it was loaded. */
function moduleState(code: string): string[] {
  const found = [...code.matchAll(/^(?:export )?(?:let|var) (\w+)/gm)].map(([, name = '']) => name)
  const held = code.matchAll(/^(?:export )?const (\w+)(?:: [^=\n]+)? = (?:new (?:Weak)?(?:Map|Set)\b|\[\]|\{\})/gm)
  for (const [, name = ''] of held) {
    const changes = new RegExp(
      `\\b${name}(\\.(set|add|delete|clear|push|unshift|splice|pop|shift)\\(|\\[[^\\]]+\\]\\s*=[^=])`,
    )
    if (changes.test(code)) found.push(name)
  }
  return found
}
