import { ServerResponse } from 'node:http'
import { expect } from 'chai'
import { createSecurityHeaders } from '../../src/edge/security-headers.ts'
import { fakeRequest } from './fake-request.ts'

const EXPECTED: Record<string, string> = {
  'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
const HSTS = 'max-age=31536000; includeSubDomains'

function applied(publicUrl: string): ServerResponse {
  const res = new ServerResponse(fakeRequest())
  createSecurityHeaders(publicUrl).apply(res)
  return res
}

describe('security headers', () => {
  for (const [name, value] of Object.entries(EXPECTED))
    it(`say ${name}: ${value}`, () => expect(applied('https://app.example.com').getHeader(name)).to.equal(value))

  it('ask for https for a year, subdomains too, where the public address is https', () => {
    expect(applied('https://app.example.com').getHeader('strict-transport-security')).to.equal(HSTS)
  })

  it('do not where it is http', () => {
    expect(applied('http://localhost:3000').getHeader('strict-transport-security')).to.equal(undefined)
  })

  it('never tell what the gateway is made of', () => {
    for (const name of ['x-powered-by', 'server'])
      expect(applied('https://app.example.com').hasHeader(name)).to.equal(false)
  })

  it('are the same in every form they are handed out', () => {
    const headers = createSecurityHeaders('https://app.example.com')
    const res = new ServerResponse(fakeRequest())
    headers.apply(res)
    const names = headers.flat.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
    expect(new Set(names)).to.deep.equal(new Set(headers.names))
    expect(new Set(names)).to.deep.equal(new Set(res.getHeaderNames()))
    for (let i = 0; i < headers.flat.length; i += 2)
      expect(res.getHeader(headers.flat[i] ?? '')).to.equal(headers.flat[i + 1])
  })
})
