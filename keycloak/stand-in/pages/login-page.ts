import type { Realm } from '../model/types.ts'
import { escapeHtml, page } from './layout.ts'

/** What stands on the login form. */
export type LoginForm = {
  realm: Realm
  /** Where the form goes. */
  action: string
  /** Where somebody else begins anew. */
  restart: string
  /** What the name field holds already. */
  login: string
  /** The person who has to confirm the password; then there is no name field. */
  fixedUser?: string
  /** Why the last try failed. */
  problem?: string
}

const marks = ({ problem }: LoginForm) =>
  problem === undefined ? '' : ' aria-invalid="true" aria-describedby="input-error"'

/** The cursor waits in the first field that is still empty. */
const knowsName = ({ login, fixedUser }: LoginForm) => login !== '' || fixedUser !== undefined

function nameField(form: LoginForm): string {
  const focus = knowsName(form) ? '' : ' autofocus'
  return `<div class="field">
<label for="username">Username or email</label>
<input id="username" name="username" type="text" value="${escapeHtml(form.login)}" autocomplete="username" autocapitalize="none" spellcheck="false" required${focus}${marks(form)}>
</div>`
}

function passwordField(form: LoginForm): string {
  const focus = knowsName(form) ? ' autofocus' : ''
  return `<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${focus}${marks(form)}>
</div>`
}

function fixedName({ fixedUser, restart }: LoginForm): string {
  return `<div class="field">
<label for="kc-attempted-username">Username or email</label>
<input id="kc-attempted-username" value="${escapeHtml(fixedUser ?? '')}" readonly>
<a class="quiet" id="reset-login" href="${escapeHtml(restart)}">Sign in as somebody else</a>
</div>
<p class="note">Please re-authenticate to continue.</p>`
}

/** The sign-in page. Form, field names and error sentence are Keycloak's, so that the same journeys drive both. */
export function loginPage(form: LoginForm): string {
  const isFixed = form.fixedUser !== undefined
  const problem =
    form.problem === undefined ? '' : `<p class="problem" id="input-error" role="alert">${escapeHtml(form.problem)}</p>`
  const name = form.realm.settings.displayName ?? form.realm.name
  return page(
    `Sign in to ${name}`,
    name,
    `<h1 id="kc-page-title">Sign in to your account</h1>
${problem}
${isFixed ? fixedName(form) : ''}
<form id="kc-form-login" action="${escapeHtml(form.action)}" method="post">
${isFixed ? '' : nameField(form)}
${passwordField(form)}
<input type="hidden" id="id-hidden-input" name="credentialId" value="">
<button id="kc-login" name="login" type="submit">Sign in</button>
</form>`,
  )
}
