import type { Browser, FetchOptions, Page } from '../support/browser.ts'
import type { Scene } from '../support/scene.ts'

/** The header that a script of the own pages sends with whatever changes something. */
export const CSRF = { 'x-csrf': '1' }

/** Signs out as a script of the own pages does, unless the options say otherwise. */
export const signOut = ({ url }: Scene, browser: Browser, options: FetchOptions = {}): Promise<Page> =>
  browser.fetch(`${url}/logout`, { method: 'POST', headers: CSRF, ...options })

/** Whether the gateway knows who is in this browser. */
export const isSignedIn = async ({ url }: Scene, browser: Browser): Promise<boolean> =>
  (await browser.fetch(`${url}/me`)).status === 200
