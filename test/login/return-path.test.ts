import { expect } from 'chai'
import fc from 'fast-check'
import { returnUrl } from '../../src/login/return-path.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { keptWays, refusedWays } from './return-path-values.ts'

const GATEWAY = 'https://gw.example'
describe('the way back after signing in', () => {
  for (const value of refusedWays) {
    it(`is the start page instead of ${JSON.stringify(value)?.slice(0, 60)}`, () => {
      expect(returnUrl(value, GATEWAY)).to.equal(`${GATEWAY}/`)
    })
  }

  for (const [given, path] of keptWays) {
    it(`may be ${given.slice(0, 60)}`, () => {
      expect(returnUrl(given, GATEWAY)).to.equal(GATEWAY + path)
    })
  }

  it('is always on the gateway itself, as browsers read it, whatever is given', () => {
    const pieces = fc.constantFrom(
      ...[
        '/',
        '//',
        '\\',
        '.',
        '..',
        '%2e',
        '%2f',
        '%5c',
        '@',
        ':',
        ';',
        '?',
        '#',
        '\t',
        '\n',
        ' ',
        'https:',
        'evil.example',
      ],
      ...['gw.example', 'login', 'logout', '\u3002', '\uff0f', '\u0000', '%09', 'a', '[::1]', 'javascript:', '&', '='],
    )
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
    )
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(GATEWAY, 'http://localhost:3000', 'https://gw.example/base'),
        (value, gateway) => {
          const emitted = returnUrl(value, gateway)
          const read = new URL(emitted, 'https://elsewhere.example/')
          expect(read.origin).to.equal(new URL(gateway).origin)
          expect(emitted.startsWith(`${new URL(gateway).origin}/`)).to.equal(true)
          expect(emitted).to.match(/^[\x21-\x7e]+$/)
          expect(read.pathname).not.to.match(/^\/\/|^\/(login|callback|logout|backchannel-logout)(\/|$)/)
          // Read once more, as a browser reads what the page says: nothing is left to be resolved.
          expect(returnUrl(emitted.slice(read.origin.length), gateway)).to.equal(emitted)
        },
      ),
      { numRuns: 20_000 },
    )
  })

  describe('through a login', () => {
    let scene: Scene
    before(async () => {
      scene = await setScene()
    })
    after(() => scene.stop())

    for (const value of [
      '//evil.example',
      '/\\evil.example',
      '/..//evil.example',
      'https://evil.example',
      '/log%69n',
    ]) {
      it(`stays here for ${value}`, async () => {
        const page = await scene.newBrowser().open(`${scene.url}/login?returnTo=${encodeURIComponent(value)}`)
        expect(page.url).to.equal(`${scene.url}/`)
      })
    }

    it('stays here when it is given twice, or as an object', async () => {
      for (const query of ['returnTo=/a&returnTo=//evil.example', 'returnTo[x]=//evil.example', 'returnTo[]=/a']) {
        const page = await scene.newBrowser().open(`${scene.url}/login?${query}`)
        expect(page.url).to.equal(`${scene.url}/`)
      }
    })

    it('cannot be changed at the callback', async () => {
      const browser = scene.newBrowser()
      const tab = await browser.open(`${scene.url}/login?returnTo=/me`, { until: (url) => url.includes('/callback') })
      const next = tab.next && { ...tab.next, url: `${tab.next.url}&returnTo=https://evil.example` }
      const page = await browser.goOn({ ...tab, next })
      expect(page.url).to.equal(`${scene.url}/me`)
    })
  })
})
