import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { readSourceTree, repositoryRoot, withoutComments } from './source-tree.ts'

const app = withoutComments(readFileSync(join(repositoryRoot, 'src/app.ts'), 'utf8'))

/** What may stand in the path without a guard: it lets nobody in, or carries its own guard for each route. */
const UNGUARDED_STATIONS = ['edge.arrive', 'parts.proxy', 'edge.ownAnswers']

/** The arguments of each call, as text. */
function callsOf(name: string): string[] {
  const calls: string[] = []
  for (let at = app.indexOf(`${name}(`); at !== -1; at = app.indexOf(`${name}(`, at + 1)) {
    const from = at + name.length + 1
    let depth = 1
    let to = from
    for (; depth > 0; to++) depth += app[to] === '(' ? 1 : app[to] === ')' ? -1 : 0
    calls.push(app.slice(from, to - 1).trim())
  }
  return calls
}

/** The arguments of one call, split at its own commas. */
function argumentsOf(call: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of call) {
    if ('([{'.includes(char)) depth++
    if (')]}'.includes(char)) depth--
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map((part) => part.trim())
}

function isGuard(argument: string | undefined): boolean {
  if (argument === undefined) return false
  if (/^guards\.\w+/.test(argument)) return true
  return new RegExp(`\\bconst ${argument} = guards\\.\\w+`).test(app)
}

describe('the path in app.ts', () => {
  it('has a guard at every mount', () => {
    const endpoints = callsOf('mount.endpoint').map((call) => argumentsOf(call))
    const below = callsOf('mount.below').map((call) => argumentsOf(call))
    expect(endpoints.length).to.be.greaterThan(5)
    expect(below.length).to.be.greaterThan(1)
    expect(endpoints.filter(([, , guard]) => !isGuard(guard))).to.deep.equal([])
    expect(below.filter(([, guard]) => !isGuard(guard))).to.deep.equal([])
  })

  it('mounts in no other way than through mount', () => {
    expect(app).not.to.match(/\bapp\s*\.\s*(all|get|head|post|put|patch|delete|options|route|param)\s*\(/)
    const stations = callsOf('app.use').filter((call) => !UNGUARDED_STATIONS.includes(call))
    // What remains are its two ends: nothing here, and the error handler.
    expect(stations.map((call) => call.replace(/\s+/g, ' '))).to.have.length(2)
    expect(stations[0]).to.contain("new GatewayError('NOT_FOUND')")
    expect(stations[1]).to.contain('parts.renderError(')
  })

  it('is the only place that makes an Express application', () => {
    const makers = readSourceTree('src').filter(({ text }) => /=\s*express\(\)/.test(withoutComments(text)))
    expect(makers.map(({ path }) => path)).to.deep.equal(['src/app.ts'])
  })
})
