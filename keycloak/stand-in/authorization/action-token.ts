import type { Request, Response } from 'express'
import { setPassword } from '../admin/write-user.ts'
import type { Clock } from '../clock.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import { formOf, queryOf, readParameters } from '../http/parameters.ts'
import { actionName, mailNewAddress } from '../mail/action-mails.ts'
import type { ActionToken, Realm, User } from '../model/types.ts'
import { infoPage, newAddressPage, newPasswordPage } from '../pages/action-pages.ts'
import { sendErrorPage } from '../pages/error-page.ts'

type Link = { key: string; token: ActionToken; user: User; proceeds: boolean }

/** What a link of a mail leads to: a page that asks whether to go on, then one page for each thing to be done. */
export function createActionTokens(clock: Clock) {
  const send = (res: Response, html: string) => void res.set('Cache-Control', 'no-store').type('html').send(html)

  function open(realm: Realm, req: Request, res: Response): Link | undefined {
    const { key = '', proceed } = readParameters(queryOf(req)).parameters
    const token = realm.actionTokens.get(key)
    const user = token && realm.users.get(token.userId)
    const fits = token && user?.enabled && (token.kind === 'new-address' || token.email === (user.email ?? ''))
    if (fits && !token.used && clock.seconds() < token.expires) return { key, token, user, proceeds: proceed === '1' }
    sendErrorPage(res, realm, 'Action expired. Please continue with login now.')
    return undefined
  }

  function done(realm: Realm, res: Response, { token, user }: Link) {
    token.used = true
    user.requiredActions = user.requiredActions.filter((action) => !token.carriedOut?.includes(action))
    send(res, infoPage(realm, 'Account updated', 'Your account has been updated.'))
  }

  /** The next thing to be done; what needs no answer is done at once. */
  function next(realm: Realm, res: Response, link: Link, problem?: string) {
    const { key, token, user } = link
    const [action] = token.actions
    if (action === undefined) return done(realm, res, link)
    const form = `${realm.issuer}/login-actions/required-action?key=${key}&execution=${action}`
    if (action === 'UPDATE_PASSWORD') return send(res, newPasswordPage(realm, form, problem))
    if (action === 'UPDATE_EMAIL') return send(res, newAddressPage(realm, form, user.email ?? '', problem))
    if (action === 'VERIFY_EMAIL') user.emailVerified = true
    carriedOut(token)
    next(realm, res, link)
  }

  function show(realm: Realm, req: Request, res: Response) {
    const link = open(realm, req, res)
    if (!link) return
    const { key, token, user } = link
    if (token.kind === 'new-address') {
      token.used = true
      user.email = token.email
      user.emailVerified = true
      const text = `The account email has been successfully updated to ${token.email}.`
      return send(res, infoPage(realm, 'Email updated', text))
    }
    if (link.proceeds) return next(realm, res, link)
    const list = token.actions.map((action) => actionName(realm, action)).join(', ')
    const onward = `${realm.issuer}/login-actions/action-token?key=${key}&proceed=1`
    if (token.kind === 'verify')
      return send(
        res,
        infoPage(realm, 'Email address validation', `Confirm validity of e-mail address ${token.email}.`, onward),
      )
    send(res, infoPage(realm, 'Perform the following action(s)', `Perform the following action(s): ${list}`, onward))
  }

  async function submit(realm: Realm, req: Request, res: Response) {
    const link = open(realm, req, res)
    if (!link) return
    const { token, user } = link
    const form = readParameters(formOf(req)).parameters
    if (token.actions[0] === 'UPDATE_PASSWORD') {
      const problem = passwordProblem(realm, user, form, clock.now())
      if (problem === undefined) carriedOut(token)
      return next(realm, res, link, problem)
    }
    const email = (form.email ?? '').trim().toLowerCase()
    const problem = addressProblem(realm, user, email)
    if (problem !== undefined) return next(realm, res, link, problem)
    await mailNewAddress(realm, user, email, clock)
    token.used = true
    const text = `A confirmation email has been sent to ${email}. You must follow the instructions of the former to complete the email update.`
    send(res, infoPage(realm, 'Confirmation email sent', text))
  }

  return { show, submit }
}

function carriedOut(token: ActionToken): void {
  const action = token.actions.shift()
  if (action !== undefined) token.carriedOut = [...(token.carriedOut ?? []), action]
}

function passwordProblem(realm: Realm, user: User, form: Record<string, string>, now: number): string | undefined {
  if (form['password-new'] !== form['password-confirm']) return "Passwords don't match."
  try {
    setPassword(realm, user, form['password-new'], now)
    return undefined
  } catch (error) {
    const body = error instanceof KeycloakError ? (error.body as { error_description?: string }) : {}
    return body.error_description ?? 'Invalid password.'
  }
}

function addressProblem(realm: Realm, user: User, email: string): string | undefined {
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return 'Invalid email address.'
  const others = [...realm.users.values()].filter((other) => other !== user)
  return others.some((other) => other.email === email) ? 'Email already exists.' : undefined
}
