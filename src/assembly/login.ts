import type { IncomingMessage } from 'node:http'
import type { AppParts } from '../app.ts'
import { letBodyCome } from '../edge/expectation.ts'
import { backchannelLogout } from '../login/backchannel-logout.ts'
import { currentUser } from '../login/current-user.ts'
import { finishLogin } from '../login/finish-login.ts'
import { createLoginCookies } from '../login/login-cookie.ts'
import { logout } from '../login/logout.ts'
import { createOpenSession } from '../login/open-session.ts'
import { createSessionLoader } from '../login/session-middleware.ts'
import { sessionState } from '../login/session-state.ts'
import { startLogin } from '../login/start-login.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { Config } from '../platform/config/config.ts'
import { auditLogin } from './audit-login.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Sessions } from './sessions.ts'

/** Sign in, sign out, who am I. */
export function assembleLogin(
  config: Config,
  { clock, metrics, log }: Foundation,
  { relyingParty, verifyLogoutToken }: Provider,
  { store, cookie, authenticator, endSession, transactions, marks }: Sessions,
  checkCsrf: (req: IncomingMessage) => void,
  audit: Pick<Audit, 'note' | 'noteStranger'>,
): AppParts['login'] {
  const { publicUrl } = config.server
  const audited = auditLogin(audit, metrics)
  const { sameSite, secrets, absoluteTimeout } = config.session
  const cookies = createLoginCookies(cookie.secure)
  const currentSessionId = (req: IncomingMessage) => {
    const raw = cookie.rawValue(req)
    return raw === undefined ? undefined : cookie.verify(raw)
  }
  const openSession = createOpenSession({
    store,
    loadSession: createSessionLoader({ store, cookie, secrets, sameSite }),
    currentSessionId,
    endSession,
    relyingParty,
    marks,
    issuer: config.provider.issuer,
    clock,
    absoluteTimeout,
    onReplaced: audited.replaced,
  })
  return {
    start: startLogin({ relyingParty, transactions, cookies, publicUrl, clock, currentSessionId }),
    finish: finishLogin({
      relyingParty,
      transactions,
      cookies,
      openSession,
      clock,
      sameSite,
      onFinished: audited.finished,
    }),
    logout: logout({
      currentSession: authenticator.peek,
      endSession,
      relyingParty,
      checkCsrf,
      cookie,
      sameSite,
      returnUrl: publicUrl + config.provider.postLogoutPath,
      log,
      onSignedOut: audited.signedOut,
    }),
    backchannelLogout: backchannelLogout({
      verifyLogoutToken,
      marks,
      issuer: config.provider.issuer,
      store,
      endSession,
      clock,
      letBodyCome,
      onEnded: audited.endedByProvider,
    }),
    currentUser,
    sessionState: sessionState(authenticator.peek, `${publicUrl}/login`),
  }
}
