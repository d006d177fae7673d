import { expect } from 'chai'
import { errorPage } from '../../src/edge/error-page.ts'
import { type ErrorCode, errorCodes } from '../../src/platform/errors/error-codes.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { fakeRequest } from './fake-request.ts'

const page = (code: ErrorCode, url = '/orders') =>
  errorPage(new GatewayError(code, { reason: 'secret-reason' }), 'id-4711', fakeRequest({ url }))

describe('the page of an error', () => {
  for (const code of Object.keys(errorCodes) as ErrorCode[])
    it(`for ${code} says what it means, what to do, and which request it was`, () => {
      const { html } = page(code)
      expect(html).to.contain(errorCodes[code].message.replace(/'/g, '&#39;'))
      expect(html).to.contain(`Error ${code} · request id-4711`)
      expect(html).to.match(/<a class="act" href="[^"]*">(Try again|Go to the start page)<\/a>/)
      expect(html).not.to.contain('secret-reason')
    })

  it('never tries again by itself', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[])
      for (const url of ['/orders', '/callback?error=x', '/login'])
        expect(page(code, url).html).not.to.match(/http-equiv|<script/i)
  })

  it('offers a new sign-in when one failed', () => {
    for (const url of ['/login', '/login?returnTo=/x', '/callback', '/callback?code=1&state=2'])
      expect(page('INTERNAL_ERROR', url).html).to.contain('<a class="act" href="/login">Try again</a>')
    expect(page('NOT_FOUND', '/loginx').html).to.contain('href="/"')
  })

  it('runs nothing and loads nothing', () => {
    const { contentSecurityPolicy } = page('NOT_FOUND')
    expect(contentSecurityPolicy).to.match(/^default-src 'none'; style-src 'sha256-[^']+'; /)
    expect(contentSecurityPolicy).to.contain("frame-ancestors 'none'")
  })
})
