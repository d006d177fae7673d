import { expect } from 'chai'
import { checkAnswer, type SeenAnswer } from './check-answer.ts'
import { describedApi } from './described-api.ts'

const api = describedApi('/api/v1')
const metadata = { timestamp: '2026-01-31T09:30:00.000Z', version: '1.0', correlationId: 'c1' }
const logoutUrl = 'https://id.example.com/logout'
const signedOut = { success: true, message: 'Signed out', data: { logoutUrl }, metadata }
const fitting: SeenAnswer = {
  method: 'POST',
  status: 200,
  headers: { 'x-request-id': 'c1', 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(signedOut),
}

function check(method: string, path: string, changes: Partial<SeenAnswer> = {}): string[] {
  const operation = api.find(method, path)
  if (operation === undefined) throw new Error(`${method} ${path} is not described`)
  return checkAnswer(api, operation, { ...fitting, method, ...changes })
}

describe('An answer and its description', () => {
  it('agree when it is as described', () => {
    expect(check('POST', '/logout')).to.deep.equal([])
  })

  const misfits: [string, Partial<SeenAnswer>, RegExp][] = [
    ['a status that is not described', { status: 418 }, /the status is not described; .*200/],
    ['another type', { headers: { ...fitting.headers, 'content-type': 'text/xml' } }, /'text\/xml' is not described/],
    ['no type', { headers: { 'x-request-id': 'c1' } }, /'' is not described/],
    ['what is no JSON', { body: '{"success":' }, /not JSON/],
    ['a member too few', { body: JSON.stringify({ ...signedOut, data: {} }) }, /^data\.logoutUrl: /],
    ['a member too many', { body: JSON.stringify({ ...signedOut, token: 'x' }) }, /token/],
    ['a member of another kind', { body: JSON.stringify({ ...signedOut, message: 7 }) }, /^message: /],
    ['no request id', { headers: { 'content-type': 'application/json' } }, /header X-Request-Id is missing/],
    ['an empty body', { body: '' }, /not JSON/],
  ]
  for (const [what, changes, told] of misfits)
    it(`disagree over ${what}`, () => {
      const found = check('POST', '/logout', changes)
      expect(found).to.have.length(1)
      expect(found[0]).to.match(told)
    })

  it('disagree over a refusal without the header that says when to come back', () => {
    const refusal = {
      success: false,
      error: { message: 'm', code: 'RATE_LIMITED', details: {}, ...metadata },
      metadata,
    }
    const { version: _, ...error } = refusal.error
    const answer = { status: 429, body: JSON.stringify({ ...refusal, error }) }
    expect(check('POST', '/logout', answer)).to.deep.equal(['the header Retry-After is missing'])
    const whole = { ...answer, headers: { ...fitting.headers, 'retry-after': '5' } }
    expect(check('POST', '/logout', whole)).to.deep.equal([])
    const odd = { ...answer, headers: { ...fitting.headers, 'retry-after': 'soon' } }
    expect(check('POST', '/logout', odd)[0]).to.match(/^the header Retry-After: /)
  })

  it('are found by the path as it was asked for, the more literal description first', () => {
    expect(api.find('GET', '/api/v1/admin/users/7')?.operationId).to.equal('readUser')
    expect(api.find('HEAD', '/api/v1/users/me')?.operationId).to.equal('readOwnProfile')
    expect(api.find('GET', '/api/v1/admin/users/7/nothing')).to.equal(undefined)
    expect(api.find('DELETE', '/login')).to.equal(undefined)
  })

  it('are compared without a body after HEAD', () => {
    expect(check('HEAD', '/health', { body: '' })).to.deep.equal([])
    expect(check('HEAD', '/health', { body: '{"status":"ok"}' })).to.deep.equal(['a body after HEAD'])
  })
})
