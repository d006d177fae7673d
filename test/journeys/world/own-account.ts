import type { Page } from 'playwright-core'
import type { MailCatcher } from '../../support/mail-catcher.ts'
import { signIn, type World } from './world.ts'

export interface OwnAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  data: any
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  error: any
}

const USERS = '/api/v1/users'

/** Asks for something below `/api/v1/users` from inside the page, with the proof that cookies need. */
export async function ask(page: Page, path: string, method = 'GET', body?: object): Promise<OwnAnswer> {
  const text = await page.evaluate(
    async ({ address, init }) => {
      const response = await fetch(address, init)
      return JSON.stringify({ ...((await response.json()) as object), status: response.status })
    },
    {
      address: USERS + path,
      init: {
        method,
        headers: { 'X-CSRF': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    },
  )
  const { status, data, error } = JSON.parse(text)
  return { status, data, error }
}

/** The same without a browser. */
export async function askAsVisitor({ gateway }: World, path: string, body: object): Promise<OwnAnswer> {
  const response = await fetch(gateway.url + USERS + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { data, error } = (await response.json()) as OwnAnswer
  return { status: response.status, data, error }
}

/** A browser of its own, signed in. */
export async function arrive(
  { browser, gateway }: World,
  person: { username: string; password: string },
): Promise<Page> {
  const page = await (await browser()).newPage()
  await page.goto(`${gateway.url}/login?returnTo=/public/page`)
  await signIn(page, person)
  await page.waitForURL(`${gateway.url}/public/page`)
  return page
}

/** The sentence with which the provider refuses a sign-in. */
export async function refusedSignIn(
  { browser, gateway }: World,
  person: { username: string; password: string },
): Promise<string> {
  const page = await (await browser()).newPage()
  await page.goto(`${gateway.url}/login?returnTo=/public/page`)
  await signIn(page, person)
  await page.locator('#input-error, .kc-feedback-text').first().waitFor()
  return (await page.locator('body').textContent()) ?? ''
}

/** Follows the link of the next mail to this address, past the page that asks whether to go on. */
export async function followMail({ browser }: World, mail: MailCatcher, to: string): Promise<Page> {
  const { link } = await mail.next(to)
  const page = await (await browser()).newPage()
  await page.goto(link())
  const onward = page.locator('#kc-info-message a')
  if ((await onward.count()) > 0) await onward.click()
  return page
}
