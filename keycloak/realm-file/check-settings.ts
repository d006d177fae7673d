import type { Realm } from '../realm-schema.ts'
import { closest } from './closest.ts'
import type { Report } from './declared-names.ts'
import { EVENT_LISTENERS, EVENT_TYPES, SIGNATURE_ALGORITHMS } from './keycloak-names.ts'
import { parsePasswordPolicy } from './password-policy.ts'

/** The realm's own settings: name, switches, lifetimes, events, mail, password policy. */
export function checkSettings(realm: Realm, report: Report): void {
  if (realm.realm === 'master') report(['realm'], 'must not be "master", the realm that administers the server itself')
  else if (!/^[A-Za-z0-9][\w.-]*$/.test(realm.realm)) {
    report(
      ['realm'],
      'becomes part of addresses: begin with a letter or digit and use only letters, digits, ".", "_" and "-"',
    )
  }
  if (realm.enabled !== true) report(['enabled'], 'must be true; without it Keycloak imports the realm switched off')
  checkLifetimes(realm, report)
  checkEvents(realm, report)
  const algorithm = realm.defaultSignatureAlgorithm
  if (algorithm !== undefined && !SIGNATURE_ALGORITHMS.includes(algorithm)) {
    report(['defaultSignatureAlgorithm'], `must be one of ${SIGNATURE_ALGORITHMS.join(', ')}`)
  }
  for (const problem of parsePasswordPolicy(realm.passwordPolicy ?? '').problems) report(['passwordPolicy'], problem)
  const mail = realm.smtpServer ?? {}
  if (Object.keys(mail).length > 0 && !mail.from)
    report(['smtpServer'], 'needs "from", the address mails are sent from')
  if (isMasked(mail.password)) report(['smtpServer', 'password'], MASKED)
}

/** The admin console's exports show stars instead of secrets; imported, the stars become the secret. */
export const MASKED =
  'is a masked secret from an export; put the real one in, best by a placeholder for an environment variable'

export function isMasked(secret: string | undefined): boolean {
  return secret !== undefined && /^\*+$/.test(secret)
}

function checkLifetimes(realm: Realm, report: Report): void {
  const { ssoSessionIdleTimeout: idle, ssoSessionMaxLifespan: longest, accessTokenLifespan: token } = realm
  if (idle !== undefined && longest !== undefined && idle > longest) {
    report(['ssoSessionIdleTimeout'], `is longer than ssoSessionMaxLifespan (${longest} seconds); it must not be`)
  }
  if (token === 0) report(['accessTokenLifespan'], 'must be at least one second')
  else if (token !== undefined && idle !== undefined && token > idle) {
    report(
      ['accessTokenLifespan'],
      `is longer than ssoSessionIdleTimeout (${idle} seconds): tokens would outlive the session`,
    )
  }
}

function checkEvents(realm: Realm, report: Report): void {
  for (const [index, listener] of (realm.eventsListeners ?? []).entries()) {
    if (EVENT_LISTENERS.includes(listener)) continue
    report(['eventsListeners', index], `there is no event listener "${listener}"${closest(listener, EVENT_LISTENERS)}`)
  }
  for (const [index, type] of (realm.enabledEventTypes ?? []).entries()) {
    if (EVENT_TYPES.includes(type.replace(/_ERROR$/, ''))) continue
    report(['enabledEventTypes', index], `there is no event type "${type}"${closest(type, EVENT_TYPES)}`)
  }
}
