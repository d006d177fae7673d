import type { Page } from 'playwright-core'
import type { MailCatcher } from '../../support/mail-catcher.ts'
import { ask as askInPage, atLoginForm, type PageAnswer } from './arrive.ts'
import { signIn, type World } from './world.ts'

const USERS = '/api/v1/users'

/** Asks for something below `/api/v1/users` from inside the page. */
export const ask = (page: Page, path: string, method = 'GET', body?: object): Promise<PageAnswer> =>
  askInPage(page, method, USERS + path, body)

/** The same without a browser. */
export async function askAsVisitor({ gateway }: World, path: string, body: object): Promise<PageAnswer> {
  const response = await fetch(gateway.url + USERS + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { data, error } = (await response.json()) as PageAnswer
  return { status: response.status, data, error }
}

/** The sentence with which the provider refuses a sign-in. */
export async function refusedSignIn(world: World, person: { username: string; password: string }): Promise<string> {
  const page = await atLoginForm(world)
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
