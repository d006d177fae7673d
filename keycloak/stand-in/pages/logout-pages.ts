import type { Realm } from '../model/types.ts'
import { escapeHtml, page } from './layout.ts'

/** Asks whether the person really wants to sign out: no token vouched for the request. */
export function confirmLogoutPage(realm: Realm, action: string, sessionCode: string): string {
  const name = realm.settings.displayName ?? realm.name
  return page(
    'Logging out',
    name,
    `<h1 id="kc-page-title">Logging out</h1>
<p class="instruction" id="kc-logout-confirm">Do you want to log out?</p>
<form class="form-actions" action="${escapeHtml(action)}" method="post">
<input type="hidden" name="session_code" value="${sessionCode}">
<button id="kc-logout" name="confirmLogout" type="submit" value="Logout">Log out</button>
</form>`,
  )
}

/** The end of a logout that leads nowhere else. */
export function loggedOutPage(realm: Realm): string {
  const name = realm.settings.displayName ?? realm.name
  return page(
    'You are logged out',
    name,
    `<h1 id="kc-page-title">You are logged out</h1>
<p class="instruction">You can close this window.</p>`,
  )
}
