import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { createActionTokens } from './authorization/action-token.ts'
import { createAuthorize } from './authorization/authorize.ts'
import type { LiveRealm } from './authorization/live-realm.ts'
import { createRestart, createSubmitForm, showForm } from './authorization/login-actions.ts'
import type { Clock } from './clock.ts'
import { createDiscovery } from './endpoints/discovery.ts'
import { createEndSession } from './endpoints/end-session.ts'
import { createIntrospection } from './endpoints/introspection.ts'
import { keySet } from './endpoints/key-set.ts'
import { createPushedAuthorization } from './endpoints/pushed-authorization.ts'
import { createRevocation } from './endpoints/revocation.ts'
import { createTokenEndpoint } from './endpoints/token-endpoint.ts'
import { createUserinfo } from './endpoints/userinfo.ts'
import { KeycloakError, plainError } from './http/keycloak-error.ts'
import type { Realm } from './model/types.ts'

type RealmEndpoint = (realm: Realm, req: Request, res: Response) => void | Promise<void>
type BrowserEndpoint = (live: LiveRealm, req: Request, res: Response) => void | Promise<void>

function describeRealm(realm: Realm, _req: Request, res: Response): void {
  const base = realm.issuer
  const key = realm.keys.published().find((one) => one.use === 'sig')?.publicKey
  res.json({
    realm: realm.name,
    public_key: key?.export({ type: 'spki', format: 'der' }).toString('base64'),
    'token-service': `${base}/protocol/openid-connect`,
    'account-service': `${base}/account`,
    'tokens-not-before': realm.notBefore,
  })
}

/**
 * Everything below `/realms/{realm}` on Keycloak's paths.
 * @param find the live realm of a name
 * @param askedAt scheme, host and port that programs reached the stand-in by
 */
export function createRealmRouter(
  find: (name: string) => LiveRealm | undefined,
  clock: Clock,
  askedAt: (req: Request) => string,
) {
  const browser =
    (endpoint: BrowserEndpoint): RequestHandler =>
    async (req, res) => {
      const live = find(String(req.params.realm))
      if (!live) throw new KeycloakError(404, { error: 'Realm does not exist' })
      await endpoint(live, req, res)
    }
  const program = (endpoint: RealmEndpoint) => browser((live, req, res) => endpoint(live.realm, req, res))
  const wrongMethod: RequestHandler = () => {
    throw plainError(405)
  }

  const router = Router({ mergeParams: true })
  router.use(express.text({ type: 'application/x-www-form-urlencoded', limit: '1mb' }))
  router.get('/:realm', program(describeRealm))
  router.get('/:realm/.well-known/openid-configuration', program(createDiscovery(askedAt)))
  const oidc = '/:realm/protocol/openid-connect'
  const userinfo = program(createUserinfo(clock))
  const authorize = browser(createAuthorize(clock))
  const { logout, confirm } = createEndSession(clock)
  router.get(`${oidc}/certs`, program(keySet))
  router
    .route(`${oidc}/token`)
    .post(program(createTokenEndpoint(clock)))
    .all(wrongMethod)
  router
    .route(`${oidc}/token/introspect`)
    .post(program(createIntrospection(clock)))
    .all(wrongMethod)
  router
    .route(`${oidc}/revoke`)
    .post(program(createRevocation(clock)))
    .all(wrongMethod)
  router
    .route(`${oidc}/ext/par/request`)
    .post(program(createPushedAuthorization(clock)))
    .all(wrongMethod)
  router.route(`${oidc}/userinfo`).get(userinfo).post(userinfo)
  router.route(`${oidc}/auth`).get(authorize).post(authorize)
  router.route(`${oidc}/logout`).get(browser(logout)).post(browser(logout))
  router.post(`${oidc}/logout/logout-confirm`, browser(confirm))
  router
    .route('/:realm/login-actions/authenticate')
    .get(browser(showForm))
    .post(browser(createSubmitForm(clock)))
  const { show, submit } = createActionTokens(clock)
  router.get('/:realm/login-actions/action-token', program(show))
  router.post('/:realm/login-actions/required-action', program(submit))
  router.get('/:realm/login-actions/restart', browser(createRestart(clock)))
  router.use(
    '/:realm',
    program(() => {
      throw plainError(404)
    }),
  )
  return router
}
