import { z } from 'zod'
import { commaList, httpUrl, httpUrlProblem, seconds, setting } from './setting.ts'

const group = 'Identity provider'
const bearer = 'Bearer tokens'

const asymmetric = z.enum(
  ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
  'must be an asymmetric algorithm such as RS256, PS256, ES256 or EdDSA',
)

export const keycloakSettings = {
  KEYCLOAK_SERVER_URL: setting(httpUrl().optional(), {
    group,
    example: 'http://localhost:8080',
    doc: 'Keycloak as browsers reach it; with the realm it makes the issuer.',
  }),
  KEYCLOAK_REALM: setting(
    z
      .string()
      .regex(/^[\w.~-]+$/, 'must be a realm name')
      .optional(),
    {
      group,
      example: 'demo',
      doc: 'The realm people sign in to.',
    },
  ),
  KEYCLOAK_CLIENT_ID: setting(z.string().min(1, 'must not be empty'), {
    group,
    example: 'cloakroom',
    doc: 'The client id of the gateway at the provider.',
  }),
  KEYCLOAK_CLIENT_SECRET: setting(z.string().min(1).optional(), {
    group,
    secret: true,
    example: 'demo-gateway-secret-change-me',
    doc: 'The client secret; not needed with `OIDC_CLIENT_AUTH=private_key_jwt`.',
  }),
  KEYCLOAK_INTERNAL_URL: setting(httpUrl().optional(), {
    group,
    example: 'http://keycloak:8080',
    doc: 'Where the gateway itself reaches Keycloak, when that differs. The expected issuer stays the public one.',
  }),
  KEYCLOAK_ADMIN_CLIENT_ID: setting(z.string().min(1).optional(), {
    group,
    example: 'cloakroom-admin',
    doc: 'The service account behind `/api/v1/admin`.',
  }),
  KEYCLOAK_ADMIN_CLIENT_SECRET: setting(z.string().min(1).optional(), {
    group,
    secret: true,
    example: 'demo-admin-secret-change-me',
    doc: 'Its secret.',
  }),
  ADMIN_USER_DELETION: setting(z.enum(['hard', 'soft'], 'must be hard or soft').default('hard'), {
    group,
    doc: 'What becomes of a user whom an administrator deletes: `hard` removes the account from Keycloak, `soft` keeps it, disabled and signed out everywhere.',
  }),
  OIDC_ISSUER: setting(
    z
      .string()
      .refine((text) => httpUrlProblem(text) === undefined, 'must be an issuer such as https://id.example.com/')
      .optional(),
    {
      group,
      example: 'https://id.example.com/',
      doc: 'The issuer of any OpenID provider, letter by letter, instead of server URL and realm. Features that need Keycloak then answer 501.',
    },
  ),
  OIDC_SCOPES: setting(
    z
      .string()
      .refine(
        (text) => /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text),
        'must be scopes with single blanks between',
      )
      .refine((text) => text.split(' ').includes('openid'), 'must contain openid')
      .default('openid profile email'),
    { group, doc: 'Scopes asked for at login.' },
  ),
  OIDC_CLIENT_AUTH: setting(
    z
      .enum(
        ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        'must be client_secret_basic, client_secret_post or private_key_jwt',
      )
      .default('client_secret_basic'),
    { group, doc: 'How the gateway proves itself at the token endpoint.' },
  ),
  OIDC_CLIENT_KEY_FILE: setting(z.string().min(1).optional(), {
    group,
    example: '/run/secrets/client-key.pem',
    doc: 'Private key (PEM PKCS#8 or JWK) for `private_key_jwt`.',
  }),
  OIDC_ID_TOKEN_ALG: setting(asymmetric.default('RS256'), {
    group,
    doc: 'The one algorithm ID and logout tokens are signed with.',
  }),
  OIDC_USERINFO: setting(z.enum(['off', 'login'], 'must be off or login').default('off'), {
    group,
    doc: '`login` fetches userinfo at each login and after each refresh and merges its claims.',
  }),
  OIDC_PAR: setting(z.enum(['auto', 'required', 'off'], 'must be auto, required or off').default('auto'), {
    group,
    doc: 'Pushed authorization requests (RFC 9126): `auto` uses them when the provider demands it.',
  }),
  OIDC_POST_LOGOUT_PATH: setting(
    z
      .string()
      .regex(/^\/(?![/\\])[\w.~!$&'()*+,=:@/-]*$/, 'must be a path of the gateway such as / or /goodbye')
      .default('/'),
    { group, doc: 'Where the browser comes back to after signing out; must be registered at the provider.' },
  ),
  JWT_AUDIENCE: setting(commaList(), {
    group: bearer,
    example: 'orders-api',
    doc: 'Audiences (comma list) of which a bearer token must carry one. Required for every route with `bearer`; without it every bearer token is refused.',
  }),
  JWT_ALGORITHMS: setting(
    commaList(['RS256', 'ES256']).refine(
      (items) => items.length > 0 && items.every((item) => item === '' || asymmetric.safeParse(item).success),
      'must be a comma list of asymmetric algorithms such as RS256,ES256',
    ),
    { group: bearer, doc: 'Signature algorithms accepted for bearer tokens.' },
  ),
  JWT_LEEWAY: setting(seconds(30, { max: 300 }), {
    group: bearer,
    doc: 'Seconds of clock difference that are forgiven.',
  }),
  REVOCATION_GRACE: setting(seconds(300, { max: 86_400 }), {
    group: bearer,
    doc: 'Seconds for which bearer tokens are still accepted by the list of revoked tokens as last known, while Redis does not answer. With 0 such calls get 503: nobody can then use a token that was revoked at another instance meanwhile, but services depend on Redis.',
  }),
}
