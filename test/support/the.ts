import type { CallerClaims } from '../../src/identity/caller-claims.ts'
import type { SessionRecord, SessionTokens } from '../../src/identity/session/session.ts'
import type { LoginTransaction } from '../../src/login/login-transaction.ts'

/** Someone who can sign in at the scripted provider; change a member and the next token says so. */
export interface Person {
  sub: string
  username: string
  email: string
  name: string
  realmRoles: string[]
  /** Roles by client. */
  clientRoles: Record<string, string[]>
  groups: string[]
}

const SECOND = 1_000

/** The usual people and things of the tests, made afresh at each call. */
export const the = {
  clientId: 'cloakroom',
  clientSecret: 'the-client-secret-of-the-tests',
  audience: 'orders-api',
  scopes: 'openid profile email orders.read',

  alice: (): Person => ({
    sub: '6f2c1c1e-0000-4000-8000-00000000a11c',
    username: 'alice',
    email: 'alice@wonderland.example',
    name: 'Alice Liddell',
    realmRoles: ['customer'],
    clientRoles: { 'orders-api': ['reader'] },
    groups: ['/staff/support'],
  }),

  bob: (): Person => ({
    sub: '6f2c1c1e-0000-4000-8000-000000000b0b',
    username: 'bob',
    email: 'bob@builder.example',
    name: 'Bob Builder',
    realmRoles: ['customer', 'admin'],
    clientRoles: {},
    groups: [],
  }),

  caller: (): CallerClaims => ({
    id: the.alice().sub,
    username: 'alice',
    email: 'alice@wonderland.example',
    name: 'Alice Liddell',
    roles: ['realm:customer'],
    groups: ['/staff/support'],
    scopes: ['openid', 'orders.read'],
    acr: '1',
    authTime: 1_700_000_000,
  }),

  /** A session that may live for 8 hours from `now`. */
  record: (now: number, changes: Partial<SessionRecord> = {}): SessionRecord => ({
    caller: the.caller(),
    issuer: 'http://127.0.0.1:9/realms/demo',
    providerSessionId: 'sso-of-alice',
    tenant: null,
    issuedAt: now,
    createdAt: now,
    absoluteExpiresAt: now + 28_800 * SECOND,
    ...changes,
  }),

  tokens: (now: number, changes: Partial<SessionTokens> = {}): SessionTokens => ({
    version: 1,
    accessToken: 'canary-access-token',
    refreshToken: 'canary-refresh-token',
    idToken: 'canary-id-token',
    accessExpiresAt: now + 300 * SECOND,
    accessLifetime: 300 * SECOND,
    ...changes,
  }),

  login: (now: number, changes: Partial<LoginTransaction> = {}): LoginTransaction => ({
    state: 'canary-state-canary-state-canary-state-0001',
    nonce: 'canary-nonce',
    codeVerifier: 'canary-code-verifier',
    returnTo: 'http://localhost:3000/orders?page=2',
    browser: 'hash-of-the-browser-secret',
    formerSessionId: null,
    startedAt: now,
    ...changes,
  }),
}
