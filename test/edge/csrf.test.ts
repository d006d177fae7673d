import { expect } from 'chai'
import fc from 'fast-check'
import { createCors } from '../../src/edge/cors.ts'
import { createCsrfCheck } from '../../src/edge/csrf.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { fakeRequest } from './fake-request.ts'

const OWN = 'https://app.example.com'
const LISTED = 'https://spa.example.com'
const FOREIGN = ['https://evil.example', 'null', 'http://app.example.com', 'https://app.example.com.evil.example', '']
const SAFE = ['GET', 'HEAD', 'OPTIONS']
const UNSAFE = ['POST', 'PUT', 'PATCH', 'DELETE']

/** What a request may carry that matters here; undefined means that the field is not there. */
interface Case {
  method: string
  site: string | undefined
  origin: string | undefined
  proof: string | undefined
  mode: string | undefined
  dest: string | undefined
  cookie: boolean
  authorization: boolean
}

const cases = fc.record<Case>({
  method: fc.constantFrom(...SAFE, ...UNSAFE),
  site: fc.constantFrom(
    undefined,
    'same-origin',
    'same-site',
    'cross-site',
    'none',
    'Same-Origin',
    'same-origin, x',
    'cross-site, cross-site',
    'none, cross-site',
    'Cross-Site',
    '',
  ),
  origin: fc.constantFrom(undefined, OWN, LISTED, ...FOREIGN),
  proof: fc.constantFrom(undefined, '1', '1', '0', 'true', '1, 1', ''),
  mode: fc.constantFrom(undefined, 'navigate', 'cors', 'no-cors', 'same-origin'),
  dest: fc.constantFrom(undefined, 'document', 'iframe', 'empty', 'image', 'script'),
  cookie: fc.boolean(),
  authorization: fc.boolean(),
})

const csrf = createCsrfCheck({
  isAllowedOrigin: createCors(OWN, [LISTED]).isAllowed,
  hasSessionCookie: (req) => (req.headers.cookie ?? '').includes('cloakroom='),
})

function passes(check: 'check' | 'checkLogout', of: Partial<Case>): boolean {
  const { method = 'POST', site, origin, proof, mode, dest, cookie = true, authorization = false } = of
  const headers = {
    'Sec-Fetch-Site': site,
    'Sec-Fetch-Mode': mode,
    'Sec-Fetch-Dest': dest,
    Origin: origin,
    'X-CSRF': proof,
    Cookie: cookie ? 'cloakroom=x' : undefined,
    Authorization: authorization ? 'Bearer x' : undefined,
  }
  try {
    csrf[check](fakeRequest({ method, headers }))
    return true
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'CSRF_REJECTED' && error.status === 403) return false
    throw error
  }
}

const isCrossSite = ({ site = '' }: Case) => /cross-site/i.test(site)
const isSafe = ({ method }: Case) => SAFE.includes(method)
const isListed = ({ origin }: Case) => origin === OWN || origin === LISTED
const isForeign = (one: Case) => one.origin !== undefined && !isListed(one)
const RUNS = { numRuns: 500 }

/** One rule of the contract, tried on every combination it speaks of. */
function always(applies: (one: Case) => boolean, expected: boolean, check: 'check' | 'checkLogout' = 'check'): void {
  fc.assert(
    fc.property(cases.filter(applies), (one) => {
      expect(passes(check, one), JSON.stringify(one)).to.equal(expected)
    }),
    RUNS,
  )
}

describe('proof against cross-site request forgery', () => {
  const withCookie = (one: Case) => !one.authorization

  it('is not asked of a request with credentials of its own', () => always((one) => one.authorization, true))
  it('fails for a foreign Origin, whatever else it brings', () =>
    always((one) => withCookie(one) && isForeign(one), false))
  it('fails for an unsafe method when the browser says that it comes from elsewhere', () =>
    always(
      (one) => withCookie(one) && !isSafe(one) && !isListed(one) && ![undefined, 'same-origin'].includes(one.site),
      false,
    ))
  it('fails for an unsafe method with the cookie and without the header, or with another value', () =>
    always((one) => withCookie(one) && !isSafe(one) && one.cookie && one.proof !== '1', false))
  it('succeeds for an unsafe method with the header from the own pages', () =>
    always(
      (one) =>
        withCookie(one) &&
        !isSafe(one) &&
        one.proof === '1' &&
        !isForeign(one) &&
        (isListed(one) || one.site === undefined || one.site === 'same-origin'),
      true,
    ))
  it('is the Origin alone for an unsafe method without the cookie', () =>
    always(
      (one) => withCookie(one) && !isSafe(one) && !one.cookie && one.site === 'same-origin' && !isForeign(one),
      true,
    ))

  const isPageLoad = (one: Case) => one.mode === 'navigate' && one.dest === 'document'
  it('fails for data that another site asks for', () =>
    always((one) => withCookie(one) && isSafe(one) && isCrossSite(one) && !isListed(one) && !isPageLoad(one), false))
  it('succeeds for a page that another site links to', () =>
    always(
      (one) => withCookie(one) && isSafe(one) && one.site === 'cross-site' && !isForeign(one) && isPageLoad(one),
      true,
    ))
  it('succeeds for safe methods from the own site, with the header or without', () =>
    always((one) => withCookie(one) && isSafe(one) && !isCrossSite(one) && !isForeign(one), true))

  describe('of signing out', () => {
    const form = { mode: 'navigate', dest: 'document' }
    const rows: readonly (readonly [what: string, request: Partial<Case>, passes: boolean])[] = [
      ['a form of the own pages', { ...form, site: 'same-origin', origin: OWN }, true],
      ['a form of the own pages without Origin', { ...form, site: 'same-origin' }, true],
      ['a form of an own page without referrer', { ...form, site: 'same-origin', origin: 'null' }, true],
      ['a fetch of an own page without referrer', { site: 'same-origin', mode: 'cors', origin: 'null' }, false],
      ['a form, from a browser that sends no Sec-Fetch-Site', { origin: OWN }, true],
      ['a form of the own pages, which send no referrer', { ...form, site: 'same-origin', origin: 'null' }, true],
      [
        'a script of the own pages without an origin',
        { site: 'same-origin', mode: 'cors', origin: 'null', proof: '1' },
        false,
      ],
      ['a form without an origin from an old browser', { origin: 'null' }, false],
      ['a form without an origin of the same site', { ...form, site: 'same-site', origin: 'null' }, false],
      ['a fetch with the header', { site: 'same-origin', mode: 'cors', proof: '1', origin: OWN }, true],
      ['a fetch with the header and nothing else', { proof: '1' }, true],
      ['a fetch of a listed origin with the header', { site: 'cross-site', proof: '1', origin: LISTED }, true],
      ['a fetch without the header', { site: 'same-origin', mode: 'cors', origin: OWN }, false],
      ['a fetch with another value of it', { site: 'same-origin', mode: 'cors', origin: OWN, proof: '0' }, false],
      ['a form of a listed origin', { ...form, site: 'cross-site', origin: LISTED }, false],
      ['a form of the same site, other origin', { ...form, site: 'same-site', origin: 'https://x.example.com' }, false],
      ['a form of the same site without Origin', { ...form, site: 'same-site' }, false],
      ['a form of another site', { ...form, site: 'cross-site', origin: 'https://evil.example' }, false],
      ['a form of another site without Origin', { ...form, site: 'cross-site' }, false],
      ['a form in a sandbox', { ...form, site: 'cross-site', origin: 'null' }, false],
      ['a form typed by nobody', { ...form, site: 'none' }, false],
      ['a foreign Origin from an old browser', { origin: 'https://evil.example' }, false],
      ['a foreign Origin with the header', { origin: 'https://evil.example', proof: '1' }, false],
      ['nothing at all', {}, false],
    ]
    for (const [what, request, expected] of rows)
      for (const cookie of [true, false])
        it(`${expected ? 'succeeds' : 'fails'} for ${what}, ${cookie ? 'with' : 'without'} a cookie`, () => {
          expect(passes('checkLogout', { ...request, cookie })).to.equal(expected)
        })

    // `Origin: null` comes with forms of pages that send no referrer; then Sec-Fetch-Site tells whose form it is.
    const isOwnForm = ({ origin, site, mode }: Case) =>
      origin === 'null' && site === 'same-origin' && mode === 'navigate'
    it('never succeeds for a foreign Origin', () =>
      always((one) => isForeign(one) && !isOwnForm(one), false, 'checkLogout'))
  })
})
