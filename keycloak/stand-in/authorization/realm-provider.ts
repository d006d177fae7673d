import type { IncomingMessage } from 'node:http'
import type { Configuration, interactionPolicy, JWK, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { identityCookie } from '../http/cookies.ts'
import type { Parameters } from '../http/parameters.ts'
import type { Realm } from '../model/types.ts'
import { errorPage } from '../pages/error-page.ts'
import { loadProvider } from './load-provider.ts'
import type { ProviderStore } from './provider-store.ts'
import { isAllowedUri } from './redirect-uris.ts'

/** What the provider tells the stand-in while it works on an authorization request. */
export type ProviderEvents = {
  /** A person has to sign in. Answers with the address of the form. */
  needsLogin(req: IncomingMessage, interaction: string): string
  /** The form to show in place of a redirect to it, if that is how this request is answered. */
  formFor(req: IncomingMessage): string | undefined
  /** Everybody is content. Answers with the code and session state for the client. */
  accepted(
    req: IncomingMessage,
    login: { uid: string; userId: string; parameters: Parameters; isFresh: boolean },
  ): {
    code: string
    session_state: string
  }
}

/** Names of the provider's cookies; only the first one ever reaches a browser. */
export const providerCookies = { session: identityCookie, interaction: 'KC_INTERACTION', resume: 'KC_RESUME' }

const helperCookies = [providerCookies.interaction, providerCookies.resume]
const path = '/protocol/openid-connect'
const routes = {
  authorization: `${path}/auth`,
  token: `${path}/unused/token`,
  jwks: `${path}/unused/certs`,
  end_session: `${path}/unused/logout`,
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function parametersOf(ctx: KoaContextWithOIDC): Parameters {
  const parameters: Parameters = {}
  for (const [name, value] of Object.entries(ctx.oidc.params ?? {})) {
    const one = text(value)
    if (one !== undefined) parameters[name] = one
  }
  return parameters
}

function showPage(ctx: KoaContextWithOIDC, status: number, html: string) {
  ctx.remove('Location')
  ctx.status = status
  ctx.type = 'html'
  ctx.body = html
}

/** Keycloak answers with 302 and no text, hides the provider's helper cookies, and says no more than `login_required`. */
function polish(ctx: KoaContextWithOIDC, realm: Realm, form: string | undefined) {
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat()
  const kept = cookies.filter((one) => !helperCookies.some((name) => one.startsWith(`${name}=`)))
  if (kept.length > 0) ctx.set('Set-Cookie', kept)
  else ctx.remove('Set-Cookie')
  const location = String(ctx.response.headers.location ?? '')
  if (form !== undefined) showPage(ctx, 200, form)
  else if (location.includes('error=invalid_request_object')) showPage(ctx, 400, invalidRequest(realm))
  else if (ctx.status === 303) {
    ctx.body = ''
    ctx.status = 302
    if (location.includes('error=login_required')) {
      ctx.set('Location', location.replace(/error_description=[^&]*&?/, ''))
    }
  }
}

const invalidRequest = (realm: Realm) => errorPage({ realm, message: 'Invalid Request' })

/** The only question ever asked is the password: consent is not part of the stand-in. */
function passwordOnly(policies: typeof interactionPolicy) {
  const policy = policies.base()
  policy.remove('consent')
  return policy
}

const cookies: Configuration['cookies'] = {
  names: providerCookies,
  short: { httpOnly: true, sameSite: 'lax', signed: false },
}

type Parts = { realm: Realm; store: ProviderStore; keys: JWK[]; events: ProviderEvents }

function configuration({ realm, store, keys, events }: Parts, policies: typeof interactionPolicy): Configuration {
  return {
    adapter: (model: string) => store.adapter(model),
    clients: [],
    jwks: { keys },
    routes,
    scopes: ['openid', 'offline_access'],
    pkce: { required: () => false },
    allowOmittingSingleRegisteredRedirectUri: false,
    cookies: {
      ...cookies,
      long: { httpOnly: true, sameSite: 'lax', path: `/realms/${realm.name}/`, signed: false },
    },
    // Sessions and forms end by the stand-in's own clock; these are only upper bounds, in seconds.
    ttl: { Session: 365 * 24 * 3600, Interaction: 24 * 3600, Grant: 60, AuthorizationCode: 60 },
    expiresWithSession: () => false,
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: grantEverything,
    interactions: {
      policy: passwordOnly(policies),
      url: (ctx, interaction) => events.needsLogin(ctx.req, interaction.uid),
    },
    renderError: (ctx) => showPage(ctx, 400, invalidRequest(realm)),
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      jwtResponseModes: { enabled: true },
      requestObjects: { enabled: true },
    },
    // Clients of a development machine publish their keys on loopback, which the default would refuse to fetch from.
    fetch: (url, options) => {
      const { dispatcher: _guarded, ...rest } = options as RequestInit & { dispatcher?: unknown }
      return fetch(url, rest)
    },
  }
}

/**
 * The engine behind `/realms/<realm>/protocol/openid-connect/auth`: oidc-provider checks the request, signed request
 * objects and the browser's session, and writes the answer in the asked response mode (JARM included).
 * @param parts its `keys` are the realm's private signing keys
 */
export async function createRealmProvider(parts: Parts): Promise<Provider> {
  const { realm, events } = parts
  const library = await loadProvider()
  const provider = new library.Provider(realm.issuer, configuration(parts, library.interactionPolicy))
  provider.Client.prototype.redirectUriAllowed = function allowed(uri: string) {
    return isAllowedUri(realm.clients.get(this.clientId)?.redirectUris ?? [], uri)
  }
  provider.use(async (ctx, next) => {
    await next()
    polish(ctx as KoaContextWithOIDC, realm, events.formFor(ctx.req))
  })
  provider.on('authorization.success', (ctx, out) => {
    const { session, result } = ctx.oidc
    const login = {
      uid: session?.uid ?? '',
      userId: session?.accountId ?? '',
      parameters: parametersOf(ctx),
      isFresh: result?.login !== undefined,
    }
    if (out) Object.assign(out, events.accepted(ctx.req, login))
  })
  provider.on('server_error', (_ctx, error) => {
    console.error(`Stand-in, realm ${realm.name}: the authorization endpoint failed.`, error)
  })
  return provider
}

async function grantEverything(ctx: KoaContextWithOIDC) {
  const { provider, client, session } = ctx.oidc
  const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId })
  grant.addOIDCScope('openid')
  await grant.save()
  return grant
}
