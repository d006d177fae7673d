import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { ActionToken, Realm, User } from '../model/types.ts'
import { sendMail } from './send-mail.ts'

const names: Record<string, string> = { UPDATE_PASSWORD: 'Update Password', VERIFY_EMAIL: 'Verify Email' }
const halfDay = 43_200
const fiveMinutes = 300

/** What an action is called in mails and on pages: Keycloak's bundle has no name for every one of them. */
export function actionName({ settings }: Realm, action: string): string {
  return settings.localizationTexts?.en?.[`requiredAction.${action}`] ?? names[action] ?? `requiredAction.${action}`
}

/** Makes a link that works once, for so many seconds. */
function linkFor(realm: Realm, token: Omit<ActionToken, 'expires' | 'used'>, seconds: number, clock: Clock): string {
  const key = randomBytes(32).toString('base64url')
  realm.actionTokens.set(key, { ...token, expires: clock.seconds() + seconds, used: false })
  return `${realm.issuer}/login-actions/action-token?key=${key}`
}

async function send(realm: Realm, to: string, subject: string, lines: string[]): Promise<void> {
  try {
    await sendMail(realm, { to, subject, text: lines.join('\r\n\r\n') })
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown'
    throw new KeycloakError(500, { errorMessage: `Failed to send execute actions email: ${reason}` })
  }
}

const title = ({ settings, name }: Realm) => settings.displayName ?? name

/** Asks somebody by mail to do these things to their account. @throws 500 when the mail cannot be sent */
export async function mailActions(
  realm: Realm,
  user: User,
  actions: string[],
  seconds: number | undefined,
  clock: Clock,
) {
  const { email = '' } = user
  const lifespan = seconds ?? halfDay
  const link = linkFor(realm, { kind: 'actions', userId: user.id, actions: [...actions], email }, lifespan, clock)
  const list = actions.map((action) => actionName(realm, action)).join(', ')
  await send(realm, email, 'Update Your Account', [
    `Your administrator has just requested that you update your ${title(realm)} account by performing the following action(s): ${list}. Click on the link below to start this process.`,
    link,
    `This link will expire within ${Math.round(lifespan / 60)} minutes.`,
  ])
}

/** Asks somebody by mail whether their address is theirs. @throws 500 when the mail cannot be sent */
export async function mailVerification(realm: Realm, user: User, clock: Clock) {
  const { email = '' } = user
  const link = linkFor(realm, { kind: 'verify', userId: user.id, actions: ['VERIFY_EMAIL'], email }, halfDay, clock)
  await send(realm, email, 'Verify email', [
    `Someone has created a ${title(realm)} account with this email address. If this was you, click the link below to verify your email address`,
    link,
    "If you didn't create this account, just ignore this message.",
  ])
}

/** Asks at a new address whether it is to be the address of this account. @throws 500 when the mail cannot be sent */
export async function mailNewAddress(realm: Realm, user: User, email: string, clock: Clock) {
  const link = linkFor(realm, { kind: 'new-address', userId: user.id, actions: [], email }, fiveMinutes, clock)
  await send(realm, email, 'Verify new email', [
    `To update your ${title(realm)} account with email address ${email}, click the link below`,
    link,
    "If you don't want to proceed with this modification, just ignore this message.",
  ])
}
