import { expect } from 'chai'
import type { Browser, Page } from '../support/browser.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { addressFailures, providerErrors } from './failures/address-failures.ts'
import { idTokenFailures } from './failures/id-token-failures.ts'
import { tokenAnswerFailures } from './failures/token-answer-failures.ts'

describe('a sign-in that fails', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  afterEach(() => scene.provider.reset())

  const startAt = (browser: Browser) =>
    browser.open(`${scene.url}/login?returnTo=/api/orders`, { until: (url) => url.includes('/callback') })

  function arrivingWith(page: Page, tamper: (callback: URL) => void = () => undefined): Page {
    if (page.next === undefined) throw new Error('the login did not come back')
    const callback = new URL(page.next.url)
    tamper(callback)
    return { ...page, next: { ...page.next, url: callback.href } }
  }

  const table = {
    'because of the address': addressFailures,
    'because the provider says so': providerErrors,
    'because of the ID token': idTokenFailures,
    'because of the token answer': tokenAnswerFailures,
  }
  for (const [part, failures] of Object.entries(table)) {
    describe(part, () => {
      for (const { what, arrange, tamper, status, code } of failures) {
        it(`${what}: ${status} ${code}`, async () => {
          const browser = scene.newBrowser()
          const otherTab = await startAt(browser)
          const tab = await startAt(browser)
          await arrange?.(scene.provider)
          const page = await browser.goOn(arrivingWith(tab, tamper))

          expect(page.status).to.equal(status)
          expect(page.header('content-type')).to.match(/^text\/html/)
          expect(page.body).to.include(`Error ${code} `)
          expect(page.body).to.match(/<a class="act" href="\/login">Try again<\/a>/)
          expect(page.body).not.to.match(/http-equiv="refresh"|<script|<img|canary|eyJ|alice/)
          expect(page.header('cache-control')).to.equal('no-store')
          expect(page.header('retry-after') !== undefined).to.equal(status === 503)
          expect(page.visits.at(-1)?.url).to.equal(arrivingWith(tab, tamper).next?.url)
          expect(browser.jar.of(scene.url).filter(({ name }) => name === 'cloakroom')).to.deep.equal([])
          expect((await browser.fetch(`${scene.url}/me`)).status).to.equal(401)
          expect(scene.provider.calls('userinfo')).to.deep.equal([])
          expect(scene.provider.calls('token', { grant_type: 'refresh_token' })).to.deep.equal([])

          scene.provider.reset()
          const finished = await browser.goOn(otherTab)
          expect(finished.status).to.equal(200)
          expect(finished.url).to.equal(`${scene.url}/api/orders`)
        })
      }
    })
  }
})
