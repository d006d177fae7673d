import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Page } from '../support/browser.ts'
import type { Scene } from '../support/scene.ts'
import type { Person } from '../support/the.ts'

export interface Counts {
  good: number
  refused: number
  /** Neither 200 nor 503. */
  odd: string[]
  /** Answers about somebody else. */
  wrong: number
}

/** Many people who call without a pause. */
export interface Crowd {
  readonly counts: Counts
  begin(): void
  until(isEnough: (counts: Counts) => boolean): Promise<void>
  /** Waits until each of them has been served since now. */
  untilAllServed(): Promise<void>
  /** How many still have the cookie that they got when they signed in. */
  cookiesKept(): number
  stop(): Promise<void>
}

interface Member {
  person: Person
  browser: Browser
  cookie: string | undefined
  servedAt: number
}

export async function crowdAt(scene: Scene, people: readonly Person[]): Promise<Crowd> {
  const counts: Counts = { good: 0, refused: 0, odd: [], wrong: 0 }
  const members: Member[] = []
  const loops: Promise<void>[] = []
  let running = false
  const cookieOf = (browser: Browser) => browser.jar.of(scene.url).find(({ name }) => name === 'cloakroom')?.value
  for (const person of people) {
    Object.assign(scene.provider.script, { person, sid: `sso-of-${person.sub}` })
    const browser = await scene.signedIn()
    members.push({ person, browser, cookie: cookieOf(browser), servedAt: 0 })
  }

  async function callOn(member: Member): Promise<void> {
    while (running) {
      const page = await scene.call(member.browser)
      // The API remembers every request; a crowd would fill the memory.
      scene.api.forget()
      count(member, page)
    }
  }

  function count(member: Member, page: Page): void {
    if (page.status === 503) counts.refused++
    else if (page.status !== 200) counts.odd.push(`${page.status} ${page.body}`)
    else {
      counts.good++
      member.servedAt = performance.now()
      const { rawHeaders } = JSON.parse(page.body) as { rawHeaders: string[] }
      const at = rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === 'x-user-id')
      if (rawHeaders[at + 1] !== member.person.sub) counts.wrong++
    }
  }

  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await pause(10)
  }
  return {
    counts,
    begin() {
      running = true
      loops.push(...members.map(callOn))
    },
    until: (isEnough) => until(() => isEnough(counts)),
    untilAllServed() {
      const since = performance.now()
      return until(() => members.every(({ servedAt }) => servedAt > since))
    },
    cookiesKept: () => members.filter(({ browser, cookie }) => cookieOf(browser) === cookie).length,
    async stop() {
      running = false
      await Promise.all(loops.splice(0))
    },
  }
}
