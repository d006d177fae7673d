import { expect } from 'chai'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import type { RawAnswer, RawRequest } from '../support/raw-messages.ts'

type Headers = NonNullable<RawRequest['headers']>

const PAGE: Headers = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
const OWN: Headers = { ...PAGE, 'Sec-Fetch-Site': 'same-origin' }
const CROSS: Headers = { ...PAGE, 'Sec-Fetch-Site': 'cross-site' }

/** Who is sent to the sign-in, and who is told 401. */
const rows: readonly (readonly [what: string, request: RawRequest, outcome: 'sign-in' | 'bounce' | 401 | 403])[] = [
  ['a page typed into the address bar', { headers: { ...PAGE, 'Sec-Fetch-Site': 'none' } }, 'sign-in'],
  ['a link of the own pages', { headers: OWN }, 'sign-in'],
  ['a link of the same site', { headers: { ...PAGE, 'Sec-Fetch-Site': 'same-site' } }, 'sign-in'],
  ['a page in a browser without Fetch Metadata', { headers: { Accept: 'text/html,*/*' } }, 'sign-in'],
  ['a link of another site', { headers: CROSS }, 'bounce'],
  [
    'a link of another site, with a cookie that is dead',
    { headers: { ...CROSS, Cookie: 'cloakroom=s%3Aa.b' } },
    'sign-in',
  ],
  ['a link of another site, bounced before', { headers: { ...CROSS, Cookie: 'a=1; cloakroom-bounced=1' } }, 'sign-in'],
  [
    'the same with a cookie that only sounds alike',
    { headers: { ...CROSS, Cookie: 'x-cloakroom-bounced=1' } },
    'bounce',
  ],
  ['a fetch', { headers: { Accept: '*/*', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-origin' } }, 401],
  ['a fetch that asks for HTML', { headers: { Accept: 'text/html', 'Sec-Fetch-Mode': 'cors' } }, 401],
  ['a tool', {}, 401],
  ['a tool that takes anything', { headers: { Accept: '*/*' } }, 401],
  ['a tool that wants JSON', { headers: { Accept: 'application/json' } }, 401],
  ['HEAD', { method: 'HEAD', headers: OWN }, 401],
  ['a form', { method: 'POST', headers: OWN, body: 'a=b' }, 401],
  [
    'a form of another site',
    { method: 'POST', headers: { ...CROSS, Origin: 'https://evil.example' }, body: 'a=b' },
    403,
  ],
  ['a frame of another site', { headers: { ...CROSS, 'Sec-Fetch-Dest': 'iframe' } }, 403],
  [
    'a picture of another site',
    { headers: { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image', 'Sec-Fetch-Site': 'cross-site' } },
    403,
  ],
]

function outcomeOf(answer: RawAnswer): unknown {
  if (answer.status === 302) return 'sign-in'
  return answer.status === 200 ? 'bounce' : answer.status
}

for (const [where, target] of [
  ['a route', '/private/page?x=1&y=%2F'],
  ['an own endpoint', '/me?x=1&y=%2F'],
] as const)
  describe(`Nobody at ${where}`, () => {
    let gateway: GatewayUnderTest
    let client: RawClient
    before(async () => {
      gateway = await startGateway({
        env: { ALLOWED_ORIGINS: 'https://spa.example', RATE_LIMIT_AUTH_FAILURES: 'off' },
        routes: [
          { id: 'private', path: '/private', upstream: 'http://127.0.0.1:9', auth: ['session', 'bearer'] },
          { id: 'services', path: '/services', upstream: 'http://127.0.0.1:9', auth: ['bearer'] },
        ],
      })
      client = rawClient(gateway.port)
    })
    after(() => gateway.stop())

    const expected = (what: RawRequest, outcome: unknown) =>
      // An own endpoint has one method; another one is 405 before anyone is asked for.
      where === 'an own endpoint' && what.method === 'POST' ? 405 : outcome

    for (const [what, request, outcome] of rows)
      it(`as ${what}: ${outcome}`, async () => {
        const answer = await client.ask({ ...request, target })
        expect(outcomeOf(answer)).to.equal(expected(request, outcome))
        expect(answer.header('cache-control')).to.equal('no-store')
      })

    it('is sent to the sign-in with the way back', async () => {
      const answer = await client.ask({ target, headers: OWN })
      expect(answer.header('location')).to.equal(`/login?returnTo=${encodeURIComponent(target)}`)
      expect(answer.values('set-cookie')).to.deep.equal([])
    })

    it('is told by 401 where to sign in, and is never redirected by a fetch', async () => {
      const answer = await client.ask({ target, headers: { Origin: 'https://spa.example', 'Sec-Fetch-Mode': 'cors' } })
      expect(answer.json().error).to.deep.include({
        code: 'AUTHENTICATION_REQUIRED',
        details: { loginUrl: `${gateway.url}/login` },
      })
      expect(answer.header('location')).to.equal(undefined)
      expect(answer.header('access-control-allow-origin')).to.equal('https://spa.example')
      expect(answer.header('access-control-expose-headers')).to.contain('WWW-Authenticate')
    })

    it('comes back once from a page of the gateway, because a Strict cookie may have stayed behind', async () => {
      const bounce = await client.ask({ target, headers: CROSS })
      const address = (gateway.url + target).replaceAll('&', '&#38;')
      expect(bounce.text()).to.contain(`<meta http-equiv="refresh" content="0;url=${address}">`)
      expect(bounce.text()).to.contain(`href="${address}"`)
      expect(bounce.text()).not.to.contain('<script')
      expect(bounce.header('set-cookie')).to.match(/^cloakroom-bounced=1; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d$/)
      expect(bounce.header('content-security-policy')).to.contain("default-src 'none'")
      const cookie = bounce.header('set-cookie')?.split(';')[0]
      const again = await client.ask({ target, headers: { ...CROSS, Cookie: cookie } })
      expect(outcomeOf(again)).to.equal('sign-in')
    })

    it('cannot smuggle markup or another address into that page', async () => {
      for (const query of [
        '?"><script>alert(1)</script>',
        "?'onload=x",
        '?;url=//evil.example',
        '?&quot;',
        '?</title>',
      ]) {
        const { status, body } = await client.ask({ target: target.split('?')[0] + query, headers: CROSS })
        const html = body.toString()
        expect(html).not.to.match(/<script|'onload|<\/title>.*<\/title>/)
        const address = /content="0;url=([^"]*)"/.exec(html)?.[1]
        // What must not stand in a query at all is refused before anybody is sent anywhere.
        if (address === undefined) expect(status).to.equal(400)
        else expect(address.startsWith(gateway.url)).to.equal(true)
      }
    })
  })

describe('Nobody at a route for services', () => {
  it('is never sent to a sign-in', async () => {
    const gateway = await startGateway({
      routes: [{ id: 'services', path: '/services', upstream: 'http://127.0.0.1:9', auth: ['bearer'] }],
    })
    const answer = await rawClient(gateway.port).ask({ target: '/services', headers: OWN })
    await gateway.stop()
    expect(answer.status).to.equal(401)
    expect(answer.header('www-authenticate')).to.equal('Bearer realm="cloakroom"')
    expect(answer.text()).to.contain('Sign in to use this resource.')
  })
})
