import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Parameters } from '../http/parameters.ts'
import { newSid } from '../model/sessions.ts'

/** A browser on its way to sign in: all its tabs become one session. */
export type BrowserLogin = {
  id: string
  sid: string
  /** Whether a session of this id was opened: once it has ended, the next login is another session. */
  used: boolean
}

/** What began a login. */
export type LoginDetails = {
  parameters: Parameters
  browser: BrowserLogin
  /** Key of the pushed request it came from, to be used up when the login is done. */
  pushed?: string
}

/** One open login form. */
export type LoginTab = {
  id: string
  details: LoginDetails
  /** Id of oidc-provider's interaction that goes on when the person is known. */
  interaction: string
  /** Changes with every page, so that an old page's form no longer counts. */
  sessionCode: string
  /** Who has to confirm the password; nobody else may sign in here. */
  fixedUser?: string
  state: 'open' | 'done'
  /** Second after which the form is too old. */
  expires: number
}

export type LoginTabs = {
  browser(id: string | undefined): BrowserLogin
  knownBrowser(id: string | undefined): BrowserLogin | undefined
  open(details: LoginDetails, interaction: string, seconds: number, fixedUser?: string): LoginTab
  find(id: string | undefined): LoginTab | undefined
  /** A new code for the tab's next page. */
  renew(tab: LoginTab): string
  isLive(tab: LoginTab): boolean
  /** What a restart does to forms that are open. */
  expireAll(): void
}

const token = (bytes: number) => randomBytes(bytes).toString('base64url')

/** Holds the login forms of a realm, by tab, and the browsers they are open in. */
export function createLoginTabs(clock: Clock): LoginTabs {
  const browsers = new Map<string, BrowserLogin>()
  const tabs = new Map<string, LoginTab>()

  function browser(id: string | undefined): BrowserLogin {
    const known = id === undefined ? undefined : browsers.get(id)
    if (known) return known
    const fresh = { id: token(32), sid: newSid(), used: false }
    browsers.set(fresh.id, fresh)
    return fresh
  }

  return {
    browser,
    knownBrowser: (id) => (id === undefined ? undefined : browsers.get(id)),
    open(details, interaction, seconds, fixedUser) {
      const tab: LoginTab = {
        id: token(8),
        details,
        interaction,
        sessionCode: token(32),
        ...(fixedUser === undefined ? {} : { fixedUser }),
        state: 'open',
        expires: clock.seconds() + seconds,
      }
      tabs.set(tab.id, tab)
      return tab
    },
    find: (id) => (id === undefined ? undefined : tabs.get(id)),
    renew(tab) {
      tab.sessionCode = token(32)
      return tab.sessionCode
    },
    isLive: (tab) => tab.state === 'open' && clock.seconds() < tab.expires,
    expireAll() {
      for (const tab of tabs.values()) tab.expires = 0
    },
  }
}
