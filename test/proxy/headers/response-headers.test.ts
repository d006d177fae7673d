import { expect } from 'chai'
import fc from 'fast-check'
import { createSecurityHeaders } from '../../../src/edge/security-headers.ts'
import { type AnswerExtras, createResponseHeaders } from '../../../src/proxy/headers/response-headers.ts'

const security = createSecurityHeaders('https://app.example.com')
const OURS = "frame-ancestors 'none'"

interface Said {
  auth?: 'none' | ('session' | 'bearer')[]
  setCookie?: 'pass'
  extras?: Partial<AnswerExtras>
}

/** The fields a client gets when the upstream says this. */
function passedOn(raw: string[], { auth = ['session'], setCookie, extras = {} }: Said = {}) {
  const build = createResponseHeaders({
    route: { auth, ...(setCookie === undefined ? {} : { setCookie }) },
    securityHeaders: security.flat,
    securityNames: security.names,
    locationFor: (location) => location.replace('http://inside', ''),
  })
  const flat = build(raw, { requestId: 'id-1', more: [], varyOrigin: false, close: false, ...extras })
  const values = (name: string) => flat.filter((_, i) => i % 2 === 1 && flat[i - 1]?.toLowerCase() === name)
  return { flat, values, header: (name: string) => values(name)[0] }
}

const cacheControl: readonly (readonly [said: string | undefined, signedIn: string, anonymous: string | undefined])[] =
  [
    [undefined, 'no-store', undefined],
    ['', 'no-store', ''],
    ['  ', 'no-store', '  '],
    ['public', 'private', 'public'],
    ['public, max-age=60', 'private, max-age=60', 'public, max-age=60'],
    ['max-age=60, PUBLIC', 'max-age=60, private', 'max-age=60, PUBLIC'],
    ['private, max-age=60', 'private, max-age=60', 'private, max-age=60'],
    ['max-age=60', 'max-age=60', 'max-age=60'],
    ['no-cache', 'no-cache', 'no-cache'],
    ['no-store', 'no-store', 'no-store'],
  ]

describe('the fields of a proxied answer', () => {
  describe('about caching', () => {
    for (const [said, signedIn, anonymous] of cacheControl) {
      const raw = said === undefined ? [] : ['Cache-Control', said]
      it(`${JSON.stringify(said)} become ${signedIn} for somebody signed in`, () =>
        expect(passedOn(raw).values('cache-control')).to.deep.equal([signedIn]))
      it(`${JSON.stringify(said)} stay for nobody`, () =>
        expect(passedOn(raw, { auth: 'none' }).header('cache-control')).to.equal(anonymous))
    }

    it('keep every one of several fields, each made private', () => {
      expect(passedOn(['Cache-Control', 'public', 'Cache-Control', 'max-age=9']).values('cache-control')).to.deep.equal(
        ['private', 'max-age=9'],
      )
    })

    it('that were nominated away count as missing', () => {
      const raw = ['Connection', 'Cache-Control', 'Cache-Control', 'public']
      expect(passedOn(raw).values('cache-control')).to.deep.equal(['no-store'])
    })
  })

  describe('about cookies', () => {
    const raw = ['Set-Cookie', 'a=1; Path=/', 'set-cookie', 'b=2']
    it('are dropped', () => expect(passedOn(raw).values('set-cookie')).to.deep.equal([]))
    it('pass where the route says so, each by itself', () =>
      expect(passedOn(raw, { setCookie: 'pass' }).values('set-cookie')).to.deep.equal(['a=1; Path=/', 'b=2']))

    const own = ['cloakroom=x', '__Host-cloakroom=x', '__HOST-CLOAKROOM=x', ' cloakroom =x', '\tcloakroom=x']
    for (const cookie of [...own, '__Secure-cloakroom=x', 'cloakroom-login-1=x', 'cloakroom', 'cloakroom; Path=/'])
      it(`never set ${JSON.stringify(cookie)}`, () =>
        expect(passedOn(['Set-Cookie', cookie], { setCookie: 'pass' }).values('set-cookie')).to.deep.equal([]))

    // A cookie without a name is sent back as its bare value, which then reads like a name and a value.
    for (const cookie of ['=cloakroom=x', '=x', ' =__Host-cloakroom=x', '', ';', '; Path=/', '=', '\t=cloakroom=x'])
      it(`never set one without a name: ${JSON.stringify(cookie)}`, () =>
        expect(passedOn(['Set-Cookie', cookie], { setCookie: 'pass' }).values('set-cookie')).to.deep.equal([]))
  })

  describe('about security', () => {
    it("are the gateway's, each once", () => {
      const theirs = security.flat.flatMap((name, i) => (i % 2 === 0 ? [name, 'weak'] : []))
      const { flat, values } = passedOn(theirs.filter((_, i) => theirs[i - (i % 2)] !== 'Content-Security-Policy'))
      expect(flat).not.to.include('weak')
      for (const name of security.names) expect(values(name), name).to.have.length(1)
    })

    it('hold a policy of the upstream beside ours: both count', () => {
      const policies = passedOn(['Content-Security-Policy', "default-src 'self' cdn.example"]).values(
        'content-security-policy',
      )
      expect(policies).to.deep.equal(["default-src 'self' cdn.example", OURS])
    })

    it('hold a strict policy where the upstream has none', () => {
      expect(passedOn([]).header('content-security-policy')).to.contain("default-src 'self'").and.contain(OURS)
    })
  })

  describe('that vary', () => {
    it('name the origin where other origins are served', () => {
      expect(passedOn([], { extras: { varyOrigin: true } }).values('vary')).to.deep.equal(['Origin'])
      const raw = ['Vary', 'Accept', 'vary', 'Cookie']
      expect(passedOn(raw, { extras: { varyOrigin: true } }).values('vary')).to.deep.equal(['Accept, Cookie, Origin'])
    })
    it('stay as they are where none are', () =>
      expect(passedOn(['Vary', 'Accept']).values('vary')).to.deep.equal(['Accept']))
  })

  it('about the connection are dropped with all they nominate', () => {
    const raw = ['Connection', 'close, X-Inner', 'Connection', 'X-More', 'X-Inner', '1', 'x-more', '2', 'X-Kept', '3']
    const { flat } = passedOn([
      ...raw,
      'Keep-Alive',
      'timeout=5',
      'Upgrade',
      'h2c',
      'Trailer',
      'X-T',
      'Proxy-Authenticate',
      'x',
    ])
    expect(flat.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())).to.include('x-kept')
    for (const gone of ['connection', 'x-inner', 'x-more', 'keep-alive', 'upgrade', 'trailer', 'proxy-authenticate'])
      expect(flat.map((item) => item.toLowerCase())).not.to.include(gone)
  })

  it('close the connection when the request was not read to its end', () => {
    expect(passedOn([], { extras: { close: true } }).values('connection')).to.deep.equal(['close'])
  })

  it('lead back through the gateway', () => {
    expect(passedOn(['Location', 'http://inside/x']).header('location')).to.equal('/x')
  })

  it('carry the id of the request and what the gateway has to add', () => {
    const { header, values } = passedOn(['X-Request-Id', 'theirs'], { extras: { more: ['RateLimit', 'r=1'] } })
    expect([values('x-request-id'), header('ratelimit')]).to.deep.equal([['id-1'], 'r=1'])
  })

  it('pass otherwise as they came, in their order and with their repetitions', () => {
    const field = fc.tuple(fc.stringMatching(/^X-K[a-z]{0,5}$/), fc.stringMatching(/^[\x21-\x7e\xa0-\xff]{0,20}$/))
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), (fields) => {
        const { flat } = passedOn(fields.flat())
        expect(flat.filter((_, i) => flat[i - (i % 2)]?.startsWith('X-K'))).to.deep.equal(fields.flat())
      }),
    )
  })
})
