import type { Realm } from '../model/types.ts'
import { escapeHtml, page } from './layout.ts'

const titled = (realm: Realm, title: string, main: string) =>
  page(title, realm.settings.displayName ?? realm.name, `<h1 id="kc-page-title">${escapeHtml(title)}</h1>\n${main}`)

/** Says something, and perhaps where to go on: links in mails are opened by programs too, which click nothing. */
export function infoPage(realm: Realm, title: string, text: string, proceed?: string): string {
  const link = proceed === undefined ? '' : `<p><a href="${escapeHtml(proceed)}">» Click here to proceed</a></p>`
  return titled(realm, title, `<div id="kc-info-message"><p class="instruction">${escapeHtml(text)}</p>${link}</div>`)
}

const problemLine = (problem: string | undefined) =>
  problem === undefined ? '' : `<p class="problem" id="input-error" role="alert">${escapeHtml(problem)}</p>`

const field = (id: string, label: string, type: string, autocomplete: string, value = '') => `<div class="field">
<label for="${id}">${label}</label>
<input id="${id}" name="${id}" type="${type}" value="${escapeHtml(value)}" autocomplete="${autocomplete}" required>
</div>`

/** Asks for a new password, twice. */
export function newPasswordPage(realm: Realm, action: string, problem?: string): string {
  return titled(
    realm,
    'Update password',
    `${problemLine(problem)}
<form id="kc-passwd-update-form" action="${escapeHtml(action)}" method="post">
${field('password-new', 'New Password', 'password', 'new-password')}
${field('password-confirm', 'Confirm password', 'password', 'new-password')}
<button type="submit">Submit</button>
</form>`,
  )
}

/** Asks for another address. */
export function newAddressPage(realm: Realm, action: string, email: string, problem?: string): string {
  return titled(
    realm,
    'Update email',
    `${problemLine(problem)}
<form id="kc-update-email-form" action="${escapeHtml(action)}" method="post">
${field('email', 'Email', 'email', 'email', email)}
<button id="kc-submit" type="submit">Submit</button>
</form>`,
  )
}

/** Stands before a sign-in that has to wait until the address is verified. */
export function verifyAddressPage(realm: Realm, email: string): string {
  return titled(
    realm,
    'Email verification',
    `<p class="problem">You need to verify your email address to activate your account.</p>
<p class="instruction">An email with instructions to verify your email address has been sent to your address ${escapeHtml(email)}.</p>`,
  )
}
