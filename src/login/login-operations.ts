import { z } from 'zod'
import type { Operation } from '../platform/http/operation.ts'

const TAG = 'Signing in'

const user = z
  .object({
    id: z.string().meta({ description: '`sub` of the identity provider.' }),
    username: z.string().nullable(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    roles: z.array(z.string()).meta({ description: '`realm:<role>` or `client:<client>:<role>`' }),
    groups: z.array(z.string()),
    scopes: z.array(z.string()),
    tenant: z.string().nullable(),
    authMethod: z.enum(['session', 'bearer']),
  })
  .meta({ id: 'CurrentUser' })

const sessionState = z
  .object({
    active: z.literal(true),
    idleExpiresAt: z.iso.datetime(),
    absoluteExpiresAt: z.iso.datetime(),
    stepUp: z.object({ acr: z.string().nullable(), authenticatedAt: z.iso.datetime().nullable() }),
  })
  .meta({ id: 'SessionState' })

const hint = z.string().max(255).optional()

/** Signing in and out, and who is signed in. */
export const loginOperations: readonly Operation[] = [
  {
    id: 'startLogin',
    method: 'get',
    path: '/login',
    tag: TAG,
    summary: 'Sends the browser to the identity provider',
    description: 'A page load, never a fetch. Code flow with PKCE; the browser comes back to `/callback`.',
    who: 'anyone',
    query: z.object({
      returnTo: z.string().optional().meta({ description: 'Where to go afterwards: a path of this origin.' }),
      prompt: hint,
      login_hint: hint,
      kc_idp_hint: hint,
      acr_values: hint,
      ui_locales: hint,
    }),
    answers: { 302: { description: "To the identity provider's sign-in page" } },
    errors: ['NAVIGATION_REQUIRED', 'KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'SESSION_STORE_UNAVAILABLE'],
  },
  {
    id: 'finishLogin',
    method: 'get',
    path: '/callback',
    tag: TAG,
    summary: 'Finishes the sign-in under a new session id',
    who: 'anyone',
    query: z.object({
      code: z.string().optional(),
      state: z.string().optional(),
      iss: z.string().optional(),
      error: z.string().optional(),
      error_description: z.string().optional(),
    }),
    answers: {
      200: { description: 'A page that moves on to where the person wanted to go', html: true },
      303: { description: 'The same with `SESSION_COOKIE_SAMESITE=lax`' },
    },
    errors: [
      'LOGIN_STATE_INVALID',
      'LOGIN_REJECTED',
      'LOGIN_DENIED',
      'LOGIN_ANSWER_INVALID',
      'KEYCLOAK_UNAVAILABLE',
      'KEYCLOAK_REFUSED',
      'SESSION_STORE_UNAVAILABLE',
    ],
  },
  {
    id: 'logout',
    method: 'post',
    path: '/logout',
    tag: TAG,
    summary: 'Ends the session here and at the identity provider',
    description: 'By fetch with `X-CSRF: 1`, or by a plain form of the own pages, which is then redirected.',
    who: 'session',
    answers: {
      200: {
        description: 'Signed out here; open `logoutUrl` to sign out at the provider',
        data: z.object({ logoutUrl: z.url() }),
      },
      303: { description: 'For a form: to the sign-out page of the provider' },
    },
    errors: [],
  },
  {
    id: 'backchannelLogout',
    method: 'post',
    path: '/backchannel-logout',
    tag: TAG,
    summary: 'Takes a logout token of the identity provider',
    description: 'OpenID Connect Back-Channel Logout 1.0. Answers when the sessions are gone on every instance.',
    who: 'anyone',
    body: { type: 'application/x-www-form-urlencoded', schema: z.object({ logout_token: z.string() }) },
    answers: { 200: { description: 'Done; also when there was nothing to end' } },
    errors: ['JWKS_UNAVAILABLE', 'SESSION_STORE_UNAVAILABLE'],
  },
  {
    id: 'currentUser',
    method: 'get',
    path: '/me',
    tag: TAG,
    summary: 'Who is calling',
    description: 'Never a token.',
    who: 'session or bearer',
    answers: {
      200: {
        description: 'The caller',
        data: z.object({ user }),
        example: {
          user: {
            id: '5a0c5a0e-5d3c-4b1e-9a53-5f2b6b9c2f10',
            username: 'alice',
            email: 'alice@example.com',
            name: 'Alice Liddell',
            roles: ['realm:customer'],
            groups: ['/customers'],
            scopes: ['openid', 'profile', 'email'],
            tenant: null,
            authMethod: 'session',
          },
        },
      },
    },
    errors: [],
  },
  {
    id: 'sessionState',
    method: 'get',
    path: '/session',
    tag: TAG,
    summary: 'How long the session lives',
    description: 'Asking does not prolong it, and nobody is redirected.',
    who: 'session',
    answers: { 200: { description: 'The session is active', data: sessionState } },
    errors: [],
  },
]
