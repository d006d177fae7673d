import type { Page } from 'playwright-core'
import { fetchInPage, signIn, type World } from './world.ts'

interface Person {
  username: string
  password: string
}

export interface PageAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  data: any
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  error: any
}

/** A browser of its own, before the provider's login form. */
export async function atLoginForm({ browser, gateway }: World): Promise<Page> {
  const page = await (await browser()).newPage()
  await page.goto(`${gateway.url}/login?returnTo=/public/page`)
  return page
}

/** A browser of its own, signed in. */
export async function arrive(world: World, person: Person): Promise<Page> {
  const page = await atLoginForm(world)
  await signIn(page, person)
  await page.waitForURL(`${world.gateway.url}/public/page`)
  return page
}

/** Asks the gateway's API from inside the page of whoever is signed in there; with the proof that a write by cookie needs. */
export async function ask(page: Page, method: string, path: string, body?: object): Promise<PageAnswer> {
  const proof: Record<string, string> = method === 'GET' ? {} : { 'X-CSRF': '1' }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const headers = body === undefined ? proof : { ...proof, 'Content-Type': 'application/json' }
  const answer = await fetchInPage(page, path, { method, headers, ...sent })
  const { data, error } = JSON.parse(answer.body)
  return { status: answer.status, data, error }
}
