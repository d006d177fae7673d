import { expect } from 'chai'
import { isAtOrBelow, ownPaths } from '../../../src/platform/config/own-paths.ts'
import { parseRoutesFile } from '../../../src/platform/config/routes-file.ts'

const routes = (...list: object[]) => JSON.stringify({ routes: list })
const route = (id: string, path: string, more: object = {}) => ({
  id,
  path,
  upstream: 'http://api',
  auth: ['session'],
  ...more,
})
const problemsOf = (text: string, prefix = '/api/v1') => parseRoutesFile(text, 'gateway.yaml', prefix).problems

describe('Routes that cannot be', () => {
  for (const own of ownPaths('/api/v1')) {
    it(`take ${own}, which is the gateway's own, or what lies below it`, () => {
      for (const path of [own, `${own}/below`]) {
        const problems = problemsOf(routes(route('mine', path)))
        expect(problems.map(({ where }) => where)).to.deep.equal(['gateway.yaml routes[0] (mine)'])
        expect(problems[0]?.what).to.contain(path).and.to.contain(`the gateway's own ${own}.`)
        expect(problems[0]?.what).to.contain('Choose another path')
      }
    })
  }

  it('open WebSockets without a GET to begin them with', () => {
    const [problem] = problemsOf(routes(route('mine', '/mine', { websocket: true, methods: ['POST'] })))
    expect(problem?.where).to.equal('gateway.yaml routes[0] (mine)')
    expect(problem?.what).to.contain('Add GET')
    expect(problemsOf(routes(route('mine', '/mine', { websocket: true, methods: ['GET'] })))).to.deep.equal([])
  })

  it('are fine beside the own paths: by whole segments and in exact case', () => {
    const beside = [
      '/',
      '/log',
      '/loginx',
      '/login-help',
      '/LOGIN',
      '/api',
      '/api/v1',
      '/api/v1/adminx',
      '/api/v2/admin',
    ]
    for (const path of beside) expect(problemsOf(routes(route('mine', path))), path).to.deep.equal([])
  })

  it('follow the management API when it is moved', () => {
    expect(problemsOf(routes(route('mine', '/api/v1/admin')), '/manage')).to.deep.equal([])
    expect(problemsOf(routes(route('mine', '/manage/users/x')), '/manage')[0]?.what).to.contain('/manage/users')
  })

  it('have the same id or path as another', () => {
    const problems = problemsOf(routes(route('a', '/x'), route('b', '/y'), route('a', '/z'), route('c', '/y')))
    expect(problems).to.deep.equal([
      { where: 'gateway.yaml routes[2] (a)', what: 'has the same id as routes[0]. Ids must differ.' },
      { where: 'gateway.yaml routes[3] (c)', what: 'has the same path /y as route b. Remove one of them.' },
    ])
  })

  it('are public and ask for something all the same', () => {
    for (const require of [{ roles: ['realm:a'] }, { scopes: ['s'] }, { groups: ['/g'] }, { acr: 'gold' }]) {
      const problems = problemsOf(routes(route('open', '/open', { auth: 'none', require })))
      expect(problems.map(({ what }) => what)).to.deep.equal([
        'has auth: none and a require section, which could never be met. Remove one of them.',
      ])
    }
    const empty = { roles: [], scopes: [], groups: [], acr: null }
    expect(problemsOf(routes(route('open', '/open', { auth: 'none', require: empty })))).to.deep.equal([])
  })

  it('are public and relay a token that nobody has', () => {
    const problems = problemsOf(routes(route('open', '/open', { auth: 'none', token: 'relay' })))
    expect(problems[0]?.what).to.contain('there is no token to relay. Use token: none')
  })
})

describe('isAtOrBelow', () => {
  const cases: [path: string, prefix: string, yes: boolean][] = [
    ['/a', '/a', true],
    ['/a/b', '/a', true],
    ['/ab', '/a', false],
    ['/', '/', true],
    ['/a', '/', true],
    ['/a', '/a/b', false],
  ]
  for (const [path, prefix, yes] of cases) {
    it(`${path} is ${yes ? '' : 'not '}at or below ${prefix}`, () => expect(isAtOrBelow(path, prefix)).to.equal(yes))
  }
})
