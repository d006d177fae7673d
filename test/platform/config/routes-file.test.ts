import { expect } from 'chai'
import { parseRoutesFile } from '../../../src/platform/config/routes-file.ts'
import { METHODS } from '../../../src/platform/config/routes-schema.ts'

const parse = (text: string) => parseRoutesFile(text, 'gateway.yaml', '/api/v1')

/** One good route, with lines changed or added. */
const route = (...lines: string[]) => {
  const members = new Map([
    ['id', 'id: orders'],
    ['path', 'path: /api/orders'],
    ['upstream', 'upstream: http://orders:9001'],
    ['auth', 'auth: [session]'],
  ])
  for (const line of lines) members.set(line.split(':')[0] ?? '', line)
  return `routes:\n  - ${[...members.values()].filter((line) => !line.startsWith('-')).join('\n    ')}\n`
}

const MALFORMED: [what: string, text: string, says: RegExp][] = [
  ['an open bracket', 'routes: [', /flow|end/i],
  ['a tab as indentation', 'routes:\n\t- id: a', /tab/i],
  ['two documents', 'routes: []\n---\nroutes: []', /multiple documents/i],
  ['an unknown tag', 'routes: !!js/function x', /tag/i],
  ['an alias to nothing', 'routes: *missing', /alias/i],
  ['a member twice', route('auth: [session]').replace('path:', 'id: other\n    path:'), /unique/i],
  ['the list twice', 'routes: []\nroutes: []', /unique/i],
  ['a tree of aliases that grows without end', bomb(), /alias/i],
  ['a scalar', 'hello', /must be an object|expected object/i],
  ['a list at the top', '- id: a', /expected object/i],
  ['an unknown part', 'routes: []\ntenants: []', /does not know the member "tenants"/],
  ['routes that are no list', 'routes: {}', /expected array/i],
  ['routes with nothing in them', 'routes:', /expected array/i],
  ['a route that is text', 'routes:\n  - orders', /expected object/i],
]

const REFUSED: [what: string, lines: string[], where: string, says: RegExp][] = [
  ['no id', ['-id', 'id: null'], 'routes[0].id', /expected string|must be/],
  ['an id with a blank', ['id: my orders'], 'routes[0] (my orders).id', /letters, digits, - and _/],
  ['an id that is a number', ['id: 7'], 'routes[0].id', /expected string/],
  ['a path without its slash', ['path: api'], '.path', /whole segments such as \/api\/orders/],
  ['a path with a last slash', ['path: /api/'], '.path', /without a last slash/],
  ['a path with an empty segment', ['path: /api//x'], '.path', /whole segments/],
  ['a path with dot segments', ['path: /api/../x'], '.path', /dot segments/],
  ['a percent-encoded path', ['path: /api/%41'], '.path', /whole segments/],
  ['a path with a wildcard of another gateway', ['path: "/api/{id}"'], '.path', /whole segments/],
  ['a path with a query', ['path: /api?x=1'], '.path', /whole segments/],
  ['an upstream without a scheme', ['upstream: orders:9001'], '.upstream', /fixed http:\/\/ or https:\/\/ origin/],
  ['an upstream with a password', ['upstream: http://u:p@orders'], '.upstream', /fixed http/],
  ['an upstream with a query', ['upstream: http://orders/?x'], '.upstream', /fixed http/],
  ['an upstream of another kind', ['upstream: ws://orders'], '.upstream', /fixed http/],
  ['an upstream with dot segments', ['upstream: http://orders/a/../b'], '.upstream', /fixed http/],
  ['no auth at all', ['-auth', 'auth: null'], '.auth', /none, or a list of session and bearer/],
  ['a misspelt auth', ['auth: [sesion]'], '.auth', /none, or a list of session and bearer/],
  ['auth that is not written as a list', ['auth: session'], '.auth', /none, or a list/],
  ['auth with nothing in it', ['auth: []'], '.auth', /at least one, or be none/],
  ['auth by API key, which comes later', ['auth: [api-key]'], '.auth', /none, or a list/],
  ['a method nobody knows', ['methods: [FETCH]'], '.methods.0', /GET/],
  ['a method in small letters', ['methods: [get]'], '.methods.0', /GET/],
  ['no method', ['methods: []'], '.methods', /at least|>=1/],
  ['a role without its namespace', ['require: { roles: [admin] }'], '.require.roles.0', /realm:<role> or client:/],
  ['a role of an empty realm', ['require: { roles: ["realm:"] }'], '.require.roles.0', /realm:<role>/],
  ['a client role without its role', ['require: { roles: ["client:orders"] }'], '.require.roles.0', /client:<client>:/],
  ['roles that are no list', ['require: { roles: realm:a }'], '.require.roles', /expected array/],
  ['a scope with a blank', ['require: { scopes: ["a b"] }'], '.require.scopes.0', /one scope/],
  ['a group without its path', ['require: { groups: [staff] }'], '.require.groups.0', /full group path/],
  ['a number as step-up level', ['require: { acr: 2 }'], '.require.acr', /a level, a list of levels, or null/],
  ['a misspelt rule', ['require: { role: [realm:a] }'], '.require', /does not know the member "role"/],
  ['a misspelt member', ['stripPaht: true'], 'routes[0] (orders)', /does not know the member "stripPaht"/],
  ['yes in quotes', ['stripPath: "yes"'], '.stripPath', /expected boolean/],
  ['a token kind of a later version', ['token: { exchange: { audience: x } }'], '.token', /later version/],
  ['half a WebSocket', ['websocket: maybe'], '.websocket', /true or false/],
  ['no time at all', ['timeout: 0'], '.timeout', />0/],
  ['a time without end', ['timeout: .inf'], '.timeout', /number|3600/],
  ['half a rate limit', ['rateLimit: { limit: 5 }'], '.rateLimit.window', /is missing/],
  ['a rate limit of nothing', ['rateLimit: { limit: 0, window: 60 }'], '.rateLimit.limit', />0/],
  ['a negative body', ['maxBody: -1'], '.maxBody', />=0/],
  ['cookies of another kind', ['cookies: all'], '.cookies', /pass/],
]

describe('The routes file', () => {
  it('may be empty', () => {
    for (const text of ['', '# nothing yet', 'routes: []', '{}'])
      expect(parse(text), text).to.deep.equal({ routes: [], problems: [] })
  })

  it('fills in what a route leaves out', () => {
    const { routes, problems } = parse(route('upstream: http://orders:9001/base/'))
    expect(problems).to.deep.equal([])
    expect(routes[0]).to.deep.include({
      upstream: 'http://orders:9001/base',
      stripPath: false,
      methods: [...METHODS],
      require: { roles: [], scopes: [], groups: [], acr: null },
      token: 'relay',
      timeout: 30,
      rateLimit: undefined,
    })
    expect(parse(route('auth: none')).routes[0]?.token).to.equal('none')
    expect(parse(route('methods: [GET, POST]')).routes[0]?.methods).to.deep.equal(['GET', 'POST', 'HEAD'])
    expect(parse(route('require: { acr: [silver, gold] }')).routes[0]?.require.acr).to.deep.equal(['silver', 'gold'])
  })

  for (const [what, text, says] of MALFORMED) {
    it(`is refused with ${what}`, () => {
      const { routes, problems } = parse(text)
      expect(routes).to.deep.equal([])
      expect(problems).to.have.lengthOf.at.least(1)
      expect(problems[0]?.where).to.match(/^gateway\.yaml/)
      expect(problems.map((problem) => problem.what).join('\n')).to.match(says)
    })
  }

  for (const [what, lines, where, says] of REFUSED) {
    it(`refuses ${what} and names the place`, () => {
      const { routes, problems } = parse(route(...lines))
      expect(routes).to.deep.equal([])
      expect(problems, JSON.stringify(problems)).to.have.length(1)
      expect(problems[0]?.where).to.match(/^gateway\.yaml routes\[0\]/)
      expect(problems[0]?.where.endsWith(where), problems[0]?.where).to.equal(true)
      expect(problems[0]?.what).to.match(says)
    })
  }

  it('tells every mistake of every route at once', () => {
    const { problems } = parse('routes:\n  - id: a\n    path: api\n  - id: b c\n    upstreem: http://x\n')
    expect(problems.map(({ where }) => where)).to.deep.equal([
      'gateway.yaml routes[0] (a).path',
      'gateway.yaml routes[0] (a).upstream',
      'gateway.yaml routes[0] (a).auth',
      'gateway.yaml routes[1] (b c).id',
      'gateway.yaml routes[1] (b c).path',
      'gateway.yaml routes[1] (b c).upstream',
      'gateway.yaml routes[1] (b c).auth',
      'gateway.yaml routes[1] (b c)',
    ])
    for (const { what } of problems) expect(what).to.match(/\.$/)
  })
})

function bomb(): string {
  const levels = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (const [at, name] of [...'bcdefg'].entries()) {
    const below = 'abcdef'[at]
    levels.push(`${name}: &${name} [${Array(9).fill(`*${below}`).join(', ')}]`)
  }
  return `${levels.join('\n')}\nroutes: []`
}
