import type { IncomingMessage } from 'node:http'
import { expect } from 'chai'
import { acceptsHtml, isCrossSiteNavigation, isNavigation } from '../../../src/platform/http/navigation.ts'

const requestWith = (headers: Record<string, string>, method = 'GET') =>
  ({ method, headers }) as unknown as IncomingMessage

describe('A navigation', () => {
  const cases: [what: string, headers: Record<string, string>, method: string, yes: boolean][] = [
    ['a browser that opens a page', { 'sec-fetch-mode': 'navigate', accept: 'text/html' }, 'GET', true],
    ['a browser without Fetch Metadata', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'GET', true],
    ['a fetch that asks for HTML', { 'sec-fetch-mode': 'cors', accept: 'text/html' }, 'GET', false],
    ['a program', { accept: '*/*' }, 'GET', false],
    ['a program that says nothing', {}, 'GET', false],
    ['a form that is sent', { 'sec-fetch-mode': 'navigate', accept: 'text/html' }, 'POST', false],
    ['a program that wants JSON', { accept: 'application/json' }, 'GET', false],
    ['a media type that only looks alike', { accept: 'text/htmlx' }, 'GET', false],
  ]
  for (const [what, headers, method, yes] of cases) {
    it(`is ${yes ? '' : 'not '}${what}`, () => expect(isNavigation(requestWith(headers, method))).to.equal(yes))
  }

  it('comes from another site when the browser says so', () => {
    const from = (site: string) => requestWith({ 'sec-fetch-mode': 'navigate', 'sec-fetch-site': site })
    expect(isCrossSiteNavigation(from('cross-site'))).to.equal(true)
    for (const site of ['same-site', 'same-origin', 'none']) expect(isCrossSiteNavigation(from(site))).to.equal(false)
    expect(isCrossSiteNavigation(requestWith({ 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' }))).to.equal(
      false,
    )
  })

  it('wants HTML only when the header names it', () => {
    expect(acceptsHtml(requestWith({ accept: 'TEXT/HTML' }))).to.equal(true)
    expect(acceptsHtml(requestWith({ accept: '*/*' }))).to.equal(false)
  })
})
