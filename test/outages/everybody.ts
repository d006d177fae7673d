import { expect } from 'chai'
import type { Browser, Page } from '../support/browser.ts'
import { logoutToken } from '../support/logout-token.ts'
import type { Scene } from '../support/scene.ts'
import { type Person, the } from '../support/the.ts'

/** What everybody was answered, by what they asked for. */
export type Answers = Record<
  'call' | 'session' | 'login' | 'logout' | 'bearer' | 'public' | 'health' | 'ready' | 'backchannel',
  Page[]
>

/** Alice, Bob, somebody who wants to leave, a service, a stranger and Keycloak, all at one gateway. */
export interface Everybody {
  /** Everybody asks once. No answer may take longer than the contract allows, name the wrong person or end a cookie. */
  ask(): Promise<Answers>
  /** Alice and Bob call; their statuses. */
  call(): Promise<number[]>
  /** Whether the cookie of somebody who was told that he is signed out is worth nothing; true as long as nobody was. */
  hasLeftForGood(): Promise<boolean>
  /** Whether Alice and Bob still have the cookies they began with. */
  haveTheirCookies(): boolean
}

/** Design section 3, time bounds: 10 s, 15 s where the token endpoint is needed, 4 s for Keycloak's logout. */
const BOUND_MS = 15_000
const BACKCHANNEL_MS = 4_000

interface Guest {
  person: Person
  browser: Browser
  cookie: string | undefined
}

export async function everybody(scene: Scene): Promise<Everybody> {
  const cookieOf = (browser: Browser) => browser.jar.of(scene.url).find(({ name }) => name === 'cloakroom')?.value
  async function arrive(person: Person, sid: string): Promise<Guest> {
    Object.assign(scene.provider.script, { person, sid })
    const browser = await scene.signedIn()
    return { person, browser, cookie: cookieOf(browser) }
  }
  const alice = await arrive(the.alice(), 'sso-of-alice')
  const bob = await arrive(the.bob(), 'sso-of-bob')
  const leaving = await arrive({ ...the.bob(), sub: 'leaving' }, 'sso-of-the-leaving')
  const token = scene.provider.accessToken()
  let leavings = 0
  let hasLeft = false

  async function callOf({ person, browser }: Guest): Promise<Page> {
    const page = await scene.call(browser)
    if (page.status === 200) expect(echoed(page, 'x-user-id')).to.equal(person.sub)
    return page
  }

  /** Each asks in the way in which it could do most harm. */
  async function askAll(): Promise<Answers> {
    const stranger = scene.newBrowser()
    const plain = (path: string) => stranger.fetch(scene.url + path)
    const forOther = logoutToken(scene.provider, scene.clock.now(), { claims: { sid: `nobody ${leavings++}` } })
    const notify = () =>
      scene.newBrowser().fetch(`${scene.url}/backchannel-logout`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `logout_token=${forOther}`,
      })
    const [first, second, session, login, logout, bearer, open, health, ready, backchannel] = await Promise.all([
      callOf(alice),
      callOf(bob),
      alice.browser.fetch(`${scene.url}/session`),
      scene.newBrowser().open(`${scene.url}/login`, { until: (url) => !url.startsWith(scene.url) }),
      leaving.browser.fetch(`${scene.url}/logout`, { method: 'POST', headers: { 'x-csrf': '1' } }),
      scene.bearer(token),
      plain('/api/public'),
      plain('/health'),
      plain('/ready'),
      within(BACKCHANNEL_MS, notify()),
    ])
    hasLeft ||= logout.status === 200
    return {
      call: [first, second],
      session: [session],
      login: [login],
      logout: [logout],
      bearer: [bearer],
      public: [open],
      health: [health],
      ready: [ready],
      backchannel: [backchannel],
    }
  }

  const haveTheirCookies = () => [alice, bob].every(({ browser, cookie }) => cookieOf(browser) === cookie)
  return {
    haveTheirCookies,
    async hasLeftForGood() {
      if (!hasLeft) return true
      const thief = scene.newBrowser()
      const site = { sameSite: true, topLevelNavigation: true, method: 'GET' }
      thief.jar.store(scene.url, `cloakroom=${leaving.cookie}; Path=/`, site)
      return (await scene.call(thief)).status === 401
    },
    async ask() {
      const answers = await within(BOUND_MS, askAll())
      for (const [what, pages] of Object.entries(answers))
        for (const page of pages) {
          // 401 and 400 would be lies: nobody knows.
          expect(page.status, `${what}: ${page.body}`).to.be.oneOf([200, 302, 503])
          if (page.status === 503 && what !== 'ready') expect(page.header('retry-after'), what).to.match(/^\d+$/)
          if (what !== 'logout' || page.status !== 200) expectNoEndingCookie(page)
        }
      expect(haveTheirCookies()).to.equal(true)
      return answers
    },
    call: async () => (await Promise.all([callOf(alice), callOf(bob)])).map(({ status }) => status),
  }
}

/** A header as the API saw it. */
function echoed(page: Page, name: string): string | undefined {
  const { rawHeaders } = JSON.parse(page.body) as { rawHeaders: string[] }
  return rawHeaders[rawHeaders.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === name) + 1]
}

function expectNoEndingCookie(page: Page): void {
  const cookies = [page.headers['set-cookie'] ?? []].flat()
  expect(cookies.filter((cookie) => /^(__Host-)?cloakroom=/.test(cookie))).to.deep.equal([])
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
