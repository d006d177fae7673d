import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'
import { endSession } from '../endpoints/backchannel-logout.ts'
import { loginCookie, readCookie } from '../http/cookies.ts'
import { formOf, type Parameters, queryOf, readParameters } from '../http/parameters.ts'
import { mailVerification } from '../mail/action-mails.ts'
import { recordUserEvent } from '../model/record-user-event.ts'
import { verifyAddressPage } from '../pages/action-pages.ts'
import { sendErrorPage } from '../pages/error-page.ts'
import { handToProvider } from './hand-to-provider.ts'
import { formUrl, type LiveRealm, renderForm } from './live-realm.ts'
import type { LoginTab } from './login-tabs.ts'
import { signIn } from './sign-in.ts'

const noCookie =
  'Restart login cookie not found. It may have expired; it may have been deleted or cookies are disabled in your ' +
  'browser. If cookies are disabled then enable them. Click Back to Application to login again.'

const noStore = 'no-store, must-revalidate, max-age=0'

/** Begins the same login once more: what happens to forms that are too old. */
function startOver(live: LiveRealm, res: Response, parameters: Parameters) {
  const query = new URLSearchParams(parameters)
  res.location(`${live.realm.issuer}/protocol/openid-connect/auth?${query}`).status(302).end()
}

/** The client hears that this form was used already, and may ask for the session that came of it. */
function tellExpired(live: LiveRealm, res: Response, { parameters }: LoginTab['details']) {
  const target = new URL(parameters.redirect_uri ?? '')
  target.searchParams.set('error', 'temporarily_unavailable')
  target.searchParams.set('error_description', 'authentication_expired')
  if (parameters.state !== undefined) target.searchParams.set('state', parameters.state)
  target.searchParams.set('iss', live.realm.issuer)
  res.location(target.href).status(302).end()
}

/** The tab this request is about, if it is open in this very browser; otherwise the answer has been sent. */
function liveTab(live: LiveRealm, req: Request, res: Response): LoginTab | undefined {
  res.set('Cache-Control', noStore)
  const { parameters } = readParameters(queryOf(req))
  const tab = live.tabs.find(parameters.tab_id)
  const browser = live.tabs.knownBrowser(readCookie(req, loginCookie))
  if (!tab || !browser || tab.details.browser !== browser) {
    sendErrorPage(res, live.realm, noCookie)
    return undefined
  }
  if (live.tabs.isLive(tab)) return tab
  if (tab.state === 'done' && live.sessionOf(req)) tellExpired(live, res, tab.details)
  else startOver(live, res, tab.details.parameters)
  return undefined
}

/** `GET …/login-actions/authenticate`: the form again, under a new code. */
export function showForm(live: LiveRealm, req: Request, res: Response): void {
  const tab = liveTab(live, req, res)
  if (tab) res.type('html').send(renderForm(live, tab))
}

/** `GET …/login-actions/restart`: somebody else wants to sign in here. */
export const createRestart = (clock: Clock) => async (live: LiveRealm, req: Request, res: Response) => {
  const tab = liveTab(live, req, res)
  if (!tab) return
  const session = live.sessionOf(req)
  if (session) await endSession(live.realm, session, clock)
  const { login_hint: _hint, prompt: _prompt, ...parameters } = tab.details.parameters
  startOver(live, res, parameters)
}

/** `POST …/login-actions/authenticate`: a user name and password, or only a password where the name is fixed. */
export const createSubmitForm = (clock: Clock) => async (live: LiveRealm, req: Request, res: Response) => {
  const tab = liveTab(live, req, res)
  if (!tab) return
  const { realm } = live
  if (readParameters(queryOf(req)).parameters.session_code !== tab.sessionCode) {
    res.location(formUrl(live, tab)).status(302).end()
    return
  }
  const form = readParameters(formOf(req)).parameters
  const fixed = tab.fixedUser === undefined ? undefined : realm.users.get(tab.fixedUser)?.username
  const login = form.username ?? fixed ?? ''
  const address = req.socket.remoteAddress ?? '127.0.0.1'
  const isOther = fixed !== undefined && login.trim().toLowerCase() !== fixed
  const result = await signIn(realm, isOther ? '' : login, form.password ?? '', address)
  if ('problem' in result) {
    const { client_id: clientId = '', redirect_uri = '' } = tab.details.parameters
    const { error, userId } = result
    recordUserEvent(realm, clock, 'LOGIN_ERROR', {
      ...{ clientId, error, ipAddress: address, ...(userId === undefined ? {} : { userId }) },
      details: { auth_method: 'openid-connect', auth_type: 'code', redirect_uri, username: login },
    })
    res.type('html').send(renderForm(live, tab, { login, text: result.problem }))
    return
  }
  if (result.user.requiredActions.includes('VERIFY_EMAIL')) {
    await mailVerification(realm, result.user, clock)
    res.type('html').send(verifyAddressPage(realm, result.user.email ?? ''))
    return
  }
  await goOn(live, req, res, tab, result.user.id)
}

async function goOn(live: LiveRealm, req: Request, res: Response, tab: LoginTab, userId: string) {
  const { realm } = live
  const present = live.sessionOf(req) ?? realm.sessions.find(tab.details.browser.sid)
  if (present && present.userId !== userId) {
    const other = realm.users.get(present.userId)?.username
    sendErrorPage(
      res,
      realm,
      `You are already authenticated as different user '${other}' in this session. Please sign out first.`,
    )
    return
  }
  const provider = await live.provider()
  const interaction = await provider.Interaction.find(tab.interaction)
  if (!interaction) {
    startOver(live, res, tab.details.parameters)
    return
  }
  tab.state = 'done'
  interaction.result = { login: { accountId: userId, remember: false } }
  await interaction.persist()
  live.begin(req, tab.details)
  await handToProvider(live, req, res, `/protocol/openid-connect/auth/${tab.interaction}`, tab.interaction)
}
