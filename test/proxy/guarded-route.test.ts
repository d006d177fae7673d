import { expect } from 'chai'
import type { RawRequest } from '../support/raw-messages.ts'
import { the } from '../support/the.ts'
import { type GuardedGateway, startGuardedGateway } from './guarded-gateway.ts'

const BAD = 'Bearer eyJhbGciOiJub25lIn0.e30.'
const SPA = 'https://spa.example'

describe('A guarded route', () => {
  let world: GuardedGateway
  before(async () => {
    world = await startGuardedGateway(
      (upstream) => [
        { upstream, id: 'both', path: '/both', auth: ['session', 'bearer'] },
        { upstream, id: 'people', path: '/people', auth: ['session'] },
        { upstream, id: 'services', path: '/services', auth: ['bearer'] },
        { upstream, id: 'anyone', path: '/anyone', auth: 'none' },
        { upstream, id: 'secretive', path: '/secretive', auth: ['bearer'], token: 'none' },
        { upstream, id: 'staff', path: '/staff', auth: ['session', 'bearer'], require: { roles: ['realm:admin'] } },
        { upstream, id: 'reading', path: '/reading', auth: ['session', 'bearer'], methods: ['GET'] },
        { upstream, id: 'small', path: '/small', auth: ['bearer'], maxBody: 10 },
      ],
      { ALLOWED_ORIGINS: SPA, RATE_LIMIT_AUTH_FAILURES: 'off' },
    )
  })
  after(() => world.stop())
  beforeEach(() => world.upstream.forget())

  const ask = (request: RawRequest) => world.client.ask(request)
  const untouched = () => expect(world.upstream.seen).to.deep.equal([])

  it('passes the token of a service on', async () => {
    const headers = world.bearer()
    expect((await ask({ target: '/both', headers })).status).to.equal(200)
    expect(world.upstream.last().values('authorization')).to.deep.equal([headers.Authorization])
  })

  it('passes the token of a session on, and not the cookie', async () => {
    const headers = await world.session()
    expect((await ask({ target: '/people', headers })).status).to.equal(200)
    const seen = world.upstream.last()
    expect(seen.header('authorization')).to.match(/^Bearer eyJ/)
    expect(seen.header('x-user-id')).to.equal(the.alice().sub)
    expect(seen.names()).not.to.include('cookie')
  })

  it('keeps the token where the route says so, and still says who it is', async () => {
    await ask({ target: '/secretive', headers: world.bearer() })
    const seen = world.upstream.last()
    expect([seen.header('authorization'), seen.header('x-user-id')]).to.deep.equal([undefined, the.alice().sub])
  })

  for (const [what, headers] of [
    ['nothing', {}],
    ['a bad token', { Authorization: BAD }],
    ['a password', { Authorization: 'Basic YWxpY2U6cHc=' }],
    ['a stale cookie', { Cookie: 'cloakroom=s%3Astale.signature' }],
    ['the cookie twice', { Cookie: 'cloakroom=a; cloakroom=b' }],
    ['a token in the query', {}],
    ['a foreign origin', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
  ] as const)
    it(`that is for anyone does not care for ${what}`, async () => {
      const target = what === 'a token in the query' ? '/anyone?access_token=x' : '/anyone'
      expect((await ask({ method: 'POST', target, headers, body: 'x' })).status).to.equal(200)
      expect(world.upstream.last().names()).not.to.include('authorization').and.not.to.include('cookie')
    })

  const refusals: readonly (readonly [what: string, status: number, code: string, request: RawRequest])[] = [
    ['nobody', 401, 'AUTHENTICATION_REQUIRED', { target: '/both' }],
    ['a bad token', 401, 'TOKEN_INVALID', { target: '/both', headers: { Authorization: BAD } }],
    ['another scheme', 401, 'TOKEN_INVALID', { target: '/both', headers: { Authorization: 'Basic YTpi' } }],
    ['an empty Authorization', 401, 'TOKEN_INVALID', { target: '/both', headers: { Authorization: '' } }],
    [
      'a bad token beside a cookie',
      401,
      'TOKEN_INVALID',
      { target: '/both', headers: { Authorization: BAD, Cookie: 'cloakroom=x' } },
    ],
    ['two tokens', 400, 'INVALID_REQUEST', { target: '/both', headers: { Authorization: [BAD, BAD] } }],
    ['a token in the query', 400, 'INVALID_REQUEST', { target: '/both?access_token=x' }],
    ['the cookie twice', 400, 'INVALID_COOKIE', { target: '/both', headers: { Cookie: 'cloakroom=a; cloakroom=b' } }],
    [
      'the cookie twice, in two fields',
      400,
      'INVALID_COOKIE',
      { target: '/both', headers: { Cookie: ['cloakroom=a', 'cloakroom=b'] } },
    ],
    ['a forged cookie', 401, 'AUTHENTICATION_REQUIRED', { target: '/both', headers: { Cookie: 'cloakroom=s%3Aa.b' } }],
    [
      'another method, before who it is',
      405,
      'METHOD_NOT_ALLOWED',
      { method: 'POST', target: '/reading', headers: { Authorization: BAD } },
    ],
    [
      'a forgery, before who it is',
      403,
      'CSRF_REJECTED',
      { method: 'POST', target: '/both', headers: { Cookie: 'cloakroom=x' } },
    ],
  ]
  for (const [what, status, code, request] of refusals)
    it(`refuses ${what}: ${status} ${code}`, async () => {
      const answer = await ask(request)
      expect([answer.status, answer.json().error.code]).to.deep.equal([status, code])
      if (status === 401 && !code.startsWith('AUTH'))
        expect(answer.header('www-authenticate')).to.match(/^Bearer .*error="invalid_token"/)
      untouched()
    })

  it('for people refuses a good token, and one for services a good session', async () => {
    const asService = await ask({ target: '/people', headers: world.bearer() })
    expect([asService.status, asService.json().error.code]).to.deep.equal([401, 'TOKEN_INVALID'])
    const asPerson = await ask({ target: '/services', headers: await world.session() })
    expect([asPerson.status, asPerson.json().error.code]).to.deep.equal([401, 'AUTHENTICATION_REQUIRED'])
    expect(asPerson.header('www-authenticate')).to.equal('Bearer realm="cloakroom"')
    untouched()
  })

  it('lets Authorization win over the cookie, for better or worse', async () => {
    const cookie = await world.session()
    expect(
      (await ask({ method: 'POST', target: '/both', headers: { ...cookie, ...world.bearer(the.bob()) } })).status,
    ).to.equal(200)
    expect(world.upstream.last().header('x-user-id')).to.equal(the.bob().sub)
    expect((await ask({ target: '/both', headers: { ...cookie, Authorization: BAD } })).status).to.equal(401)
  })

  it('lets in who has the role, and tells the others what is missing', async () => {
    expect((await ask({ target: '/staff', headers: world.bearer(the.bob()) })).status).to.equal(200)
    const refused = await ask({ target: '/staff', headers: world.bearer() })
    expect([refused.status, refused.json().error.details]).to.deep.equal([
      403,
      { required: { roles: ['realm:admin'], scopes: [], groups: [] } },
    ])
    expect(refused.header('www-authenticate')).to.equal('Bearer realm="cloakroom", error="insufficient_scope"')
  })

  it('tells who is missing before it looks at the length of a body', async () => {
    expect((await ask({ method: 'POST', target: '/small', body: 'x'.repeat(11) })).status).to.equal(401)
    expect(
      (await ask({ method: 'POST', target: '/small', headers: world.bearer(), body: 'x'.repeat(11) })).status,
    ).to.equal(413)
    expect(
      (await ask({ method: 'POST', target: '/small', headers: world.bearer(), body: 'x'.repeat(10) })).status,
    ).to.equal(200)
  })

  it('answers a refusal so that a listed origin can read it', async () => {
    const answer = await ask({
      target: '/both',
      headers: { Origin: SPA, 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'cross-site' },
    })
    expect(answer.status).to.equal(401)
    expect(answer.json().error.details.loginUrl).to.equal(`${world.gateway.url}/login`)
    expect(answer.header('access-control-allow-origin')).to.equal(SPA)
    expect(answer.header('access-control-allow-credentials')).to.equal('true')
    expect(answer.values('vary')).to.deep.equal(['Origin'])
  })

  it('marks a proxied answer for a listed origin, and drops what the upstream says about origins', async () => {
    world.upstream.on('/anyone/cors', (_seen, res) => {
      res.writeHead(200, {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Credentials': 'true',
        Vary: 'Accept',
      })
      res.end()
    })
    const listed = await ask({ target: '/anyone/cors', headers: { Origin: SPA } })
    expect(listed.values('access-control-allow-origin')).to.deep.equal([SPA])
    expect(listed.values('vary')).to.deep.equal(['Accept, Origin'])
    const foreign = await ask({ target: '/anyone/cors', headers: { Origin: 'https://evil.example' } })
    expect(foreign.header('access-control-allow-origin')).to.equal(undefined)
    expect(foreign.header('access-control-allow-credentials')).to.equal(undefined)
  })

  it('answers a preflight itself, before anyone is known', async () => {
    const asked = { 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'x-csrf' }
    const answer = await ask({ method: 'OPTIONS', target: '/both', headers: { ...asked, Origin: SPA } })
    expect([answer.status, answer.header('access-control-allow-headers')]).to.deep.equal([204, 'x-csrf'])
    const foreign = await ask({ method: 'OPTIONS', target: '/both', headers: { ...asked, Origin: 'null' } })
    expect([foreign.status, foreign.json().error.code]).to.deep.equal([403, 'ORIGIN_NOT_ALLOWED'])
    untouched()
  })

  it('passes OPTIONS on that is no preflight', async () => {
    expect((await ask({ method: 'OPTIONS', target: '/anyone' })).json().method).to.equal('OPTIONS')
  })
})
