import type { Response } from 'express'
import type { Realm } from '../model/types.ts'
import { escapeHtml, page } from './layout.ts'

/** A page that says what went wrong where no client can be told. */
export function errorPage({ realm, message }: { realm: Realm; message: string }): string {
  const name = realm.settings.displayName ?? realm.name
  return page(
    `Error: ${name}`,
    name,
    `<h1 id="kc-page-title">We are sorry…</h1>
<div id="kc-error-message"><p class="instruction problem" role="alert">${escapeHtml(message)}</p></div>
<p class="note">Go back to the application you came from and try again.</p>`,
  )
}

/** Answers with that page. */
export function sendErrorPage(res: Response, realm: Realm, message: string, status = 400): void {
  res.status(status).set('Cache-Control', 'no-store').type('html').send(errorPage({ realm, message }))
}
