import { ServerResponse } from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { createCors } from '../../src/edge/cors.ts'
import { type FakeRequest, fakeRequest } from './fake-request.ts'
import { refusalOf } from './refusal.ts'

const SPA = 'https://spa.example.com'
const cors = createCors('https://app.example.com/base', [SPA, 'http://localhost:5173'])
const closed = createCors('https://app.example.com', [])

/** Origins that look like an allowed one and are none. */
const strangers = [
  'https://spa.example.com.evil.example',
  'https://evil-spa.example.com',
  'https://sub.spa.example.com',
  'https://spa.example.com:8443',
  'https://spa.example.com:443',
  'https://spa.example.com.',
  'https://spa.example.com/',
  'https://SPA.example.com',
  'HTTPS://spa.example.com',
  'http://spa.example.com',
  'https://spa.example.com@evil.example',
  'https://spa.example.com, https://evil.example',
  'https://spa.example.com https://evil.example',
  ' https://spa.example.com',
  'https://spaxexample.com',
  'http://localhost',
  'http://localhost:51730',
  'http://127.0.0.1:5173',
  'null',
  '',
  '*',
  'undefined',
  'file://',
  'chrome-extension://abc',
]

function answerTo(request: FakeRequest, with_ = cors): ServerResponse {
  const req = fakeRequest(request)
  const res = new ServerResponse(req)
  with_.mark(req, res)
  return res
}

function preflight(headers: Record<string, string>, method = 'OPTIONS') {
  const req = fakeRequest({ method, headers })
  const res = new ServerResponse(req)
  return { res, answered: cors.answerPreflight(req, res) }
}

describe('cross-origin rules', () => {
  it('allow the own origin and the listed ones, by their exact text', () => {
    for (const origin of ['https://app.example.com', SPA, 'http://localhost:5173'])
      expect(cors.isAllowed(origin), origin).to.equal(true)
  })

  for (const origin of strangers)
    it(`know nothing of ${JSON.stringify(origin)}`, () => {
      expect(cors.isAllowed(origin)).to.equal(false)
      expect(answerTo({ headers: { Origin: origin } }).getHeaderNames()).to.deep.equal(['vary'])
      const asked = { Origin: origin, 'Access-Control-Request-Method': 'POST' }
      expect(refusalOf(() => preflight(asked)).code).to.equal('ORIGIN_NOT_ALLOWED')
    })

  it('know nothing of any other text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (origin) => !cors.isAllowed(origin)))
  })

  it('let a listed origin read the answer, with credentials', () => {
    const res = answerTo({ headers: { Origin: SPA } })
    expect(res.getHeader('access-control-allow-origin')).to.equal(SPA)
    expect(res.getHeader('access-control-allow-credentials')).to.equal('true')
    expect(res.getHeader('access-control-expose-headers')).to.contain('WWW-Authenticate').and.contain('X-Request-Id')
  })

  it('say that answers vary by origin wherever any is listed, asked or not', () => {
    expect(answerTo({}).getHeader('vary')).to.equal('Origin')
    expect(answerTo({ headers: { Origin: SPA } }).getHeader('vary')).to.equal('Origin')
    expect(answerTo({ headers: { Origin: SPA } }, closed).getHeaderNames()).to.deep.equal([])
  })

  describe('answer a preflight', () => {
    const asked = { Origin: SPA, 'Access-Control-Request-Method': 'DELETE' }

    it('of a listed origin themselves', () => {
      const { res, answered } = preflight({ ...asked, 'Access-Control-Request-Headers': 'content-type,x-csrf' })
      expect(answered).to.equal(true)
      expect(res.statusCode).to.equal(204)
      expect(res.getHeader('access-control-allow-methods')).to.contain('DELETE')
      expect(res.getHeader('access-control-allow-headers')).to.equal('content-type,x-csrf')
      expect(res.getHeader('access-control-max-age')).to.equal('600')
    })

    for (const wanted of ['x\x01y', 'a"b', 'x(y)', 'a'.repeat(1_025)])
      it(`without echoing ${JSON.stringify(wanted.slice(0, 10))}`, () => {
        const { res } = preflight({ ...asked, 'Access-Control-Request-Headers': wanted })
        expect(res.getHeader('access-control-allow-headers')).to.equal(undefined)
      })

    it('only when it is one', () => {
      expect(preflight({ Origin: SPA }).answered).to.equal(false)
      expect(preflight({ 'Access-Control-Request-Method': 'PUT' }).answered).to.equal(false)
      expect(preflight(asked, 'GET').answered).to.equal(false)
    })

    it('of the own origin, which needs no permission to read', () => {
      const { res, answered } = preflight({ ...asked, Origin: 'https://app.example.com' })
      expect(answered).to.equal(true)
      expect(res.getHeader('access-control-allow-origin')).to.equal(undefined)
    })
  })
})
