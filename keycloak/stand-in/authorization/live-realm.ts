import type { IncomingMessage } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Clock } from '../clock.ts'
import { identityCookie, readCookie } from '../http/cookies.ts'
import type { SsoSession } from '../model/sessions.ts'
import type { Realm } from '../model/types.ts'
import { loginPage } from '../pages/login-page.ts'
import { clientMetadata } from './client-metadata.ts'
import { createLoginTabs, type LoginDetails, type LoginTab, type LoginTabs } from './login-tabs.ts'
import { createProviderStore } from './provider-store.ts'
import { createRealmProvider } from './realm-provider.ts'
import { recordLogin } from './record-login.ts'

/** A realm with everything a browser needs to sign in to it. */
export type LiveRealm = {
  realm: Realm
  tabs: LoginTabs
  /** The engine of the authorization endpoint, rebuilt whenever the signing keys change. */
  provider(): Promise<Provider>
  /** Hands a request to the engine together with what began it. */
  begin(req: IncomingMessage, details: LoginDetails): void
  /** The live session of the browser that sent this request. */
  sessionOf(req: IncomingMessage): SsoSession | undefined
}

/** The address of a tab's form. */
export function formUrl(
  { realm }: Pick<LiveRealm, 'realm'>,
  tab: LoginTab,
  extra: Record<string, string> = {},
): string {
  const { client_id: client = '', redirect_uri: ru, state: st, response_mode: rm } = tab.details.parameters
  const data = Buffer.from(JSON.stringify({ ru, rt: 'code', rm, st })).toString('base64url')
  const query = new URLSearchParams({ ...extra, client_id: client, tab_id: tab.id, client_data: data })
  return `${realm.issuer}/login-actions/authenticate?${query}`
}

/** The page with a tab's form, under a new session code. */
export function renderForm(
  live: Pick<LiveRealm, 'realm' | 'tabs'>,
  tab: LoginTab,
  problem?: { login: string; text: string },
) {
  const code = live.tabs.renew(tab)
  return loginPage({
    realm: live.realm,
    action: formUrl(live, tab, { session_code: code }),
    restart: formUrl(live, tab).replace('/authenticate?', '/restart?'),
    login: problem?.login ?? tab.details.parameters.login_hint ?? '',
    ...(tab.fixedUser === undefined ? {} : { fixedUser: live.realm.users.get(tab.fixedUser)?.username ?? '' }),
    ...(problem === undefined ? {} : { problem: problem.text }),
  })
}

const isSigning = (algorithm: string) => /^(RS|PS|ES)/.test(algorithm)

/** Puts a realm into service. */
export function createLiveRealm(realm: Realm, clock: Clock): LiveRealm {
  const tabs = createLoginTabs(clock)
  const sids = new Map<string, string>()
  const begun = new WeakMap<IncomingMessage, LoginDetails>()
  const opened = new WeakMap<IncomingMessage, LoginTab>()
  let built: { provider: Provider; kids: string } | undefined

  const sessionAt = (uid: string | undefined) => realm.sessions.find(uid === undefined ? undefined : sids.get(uid))
  const store = createProviderStore(
    (id) => {
      const client = realm.clients.get(id)
      return client && clientMetadata(client)
    },
    (uid) => realm.users.get(sessionAt(uid)?.userId ?? '')?.enabled === true,
  )
  const sessionOf = (req: IncomingMessage) => sessionAt(store.sessionUid(readCookie(req, identityCookie)))

  const live: LiveRealm = {
    realm,
    tabs,
    sessionOf,
    begin: (req, details) => void begun.set(req, details),
    async provider() {
      for (const { attributes } of realm.clients.values()) {
        const algorithm = attributes['authorization.signed.response.alg']
        if (algorithm && isSigning(algorithm)) await realm.keys.signing(algorithm)
      }
      const keys = realm.keys.published().filter((key) => key.use === 'sig')
      const kids = keys.map((key) => key.kid).join()
      if (built?.kids === kids) return built.provider
      const jwks = keys.map(({ kid, algorithm, key }) => ({
        ...key.export({ format: 'jwk' }),
        kid,
        alg: algorithm,
        use: 'sig',
      }))
      const events = { needsLogin, formFor, accepted }
      const provider = await createRealmProvider({ realm, store, keys: jwks, events })
      built = { provider, kids }
      return provider
    },
  }

  function needsLogin(req: IncomingMessage, interaction: string): string {
    const details = begun.get(req)
    if (!details) throw new Error('A login was begun without its request.')
    const seconds = realm.settings.accessCodeLifespanLogin ?? 1800
    const tab = tabs.open(details, interaction, seconds, sessionOf(req)?.userId)
    opened.set(req, tab)
    return formUrl(live, tab)
  }

  function formFor(req: IncomingMessage) {
    const tab = opened.get(req)
    return tab && tab.details.pushed === undefined ? renderForm(live, tab) : undefined
  }

  function accepted(
    req: IncomingMessage,
    login: { uid: string; userId: string; parameters: Record<string, string>; isFresh: boolean },
  ) {
    const details = begun.get(req)
    if (!details) throw new Error('A login ended without its request.')
    const parameters = details.parameters.request === undefined ? details.parameters : login.parameters
    const address = req.socket.remoteAddress ?? '127.0.0.1'
    const { code, session } = recordLogin(realm, clock, {
      ...login,
      details,
      parameters,
      address,
      session: sessionAt(login.uid),
    })
    sids.set(login.uid, session.sid)
    return { code, session_state: session.sid }
  }

  return live
}
