import type { ExampleVocabulary } from '../platform/http/add-examples.ts'
import type { ExampleWords } from '../platform/http/compose-example.ts'

const VERSION = 'b1946a.c9249e.0cbc66.4fc82b.26e1f1.9c1185.a5c5e9.3fc4cc'
const USER = '7ee03d9c-79ad-47a5-893c-ec3f3e3b6408'
const GROUP = '0c2f3a7e-53a8-4f0e-8a5d-2a6d5c1f9b44'
const SESSION = 'c9b1d5f0-8f53-4d0a-9a6e-6d1f7a3b2c10'

const PUBLIC_SESSION = 'Yl0Zq3hB8mXo3B2v0y1Cq8Zr5Tn4uJwS7aK6dPeF1gI'

const people: ExampleWords = {
  ...{ id: USER, userId: USER, user: USER, username: 'carol', email: 'carol@example.com' },
  ...{ firstName: 'Carol', lastName: 'Jones', name: 'Carol Jones', search: 'carol', tenant: 'acme' },
  ...{ currentPassword: 'the-one-used-so-far', newPassword: 'a-better-one-from-now-on', otp: '123456' },
  ...{ password: 'one-that-nobody-guesses', requiredAction: 'UPDATE_PASSWORD', label: 'Phone' },
  ...{ acr: '2', clientId: 'reporting-tool', lastFailureFrom: '192.0.2.7' },
}
const rights: ExampleWords = {
  ...{ role: 'realm:customer', scope: 'orders.read', group: GROUP, groupId: GROUP, parentId: GROUP },
  ...{ composite: 'realm:customer', description: 'May use the orders API.', path: '/customers' },
}
const places: ExampleWords = {
  ...{ device: 'Firefox on Linux', address: '192.0.2.7', ip: '192.0.2.7', sid: SESSION, session: SESSION },
  ...{
    client: 'orders-service',
    version: VERSION,
    message: 'Done',
    correlationId: '01990f2e-6a7b-7c3d-9e21-4b8f0c5d7a10',
  },
  ...{ first: 0, max: 20, total: 1, cache: 'user_info', cleared: 'user_info', openapi: '3.1.0' },
}
const signIn: ExampleWords = {
  ...{ returnTo: '/orders?page=2', prompt: 'login', login_hint: 'carol', kc_idp_hint: 'github', acr_values: '2' },
  ...{ ui_locales: 'en', code: 'f0c1…', state: 'nJx5…', iss: 'https://id.example.com/realms/demo' },
  ...{ error: 'access_denied', error_description: 'The person cancelled.', logout_token: 'eyJhbGciOiJSUzI1NiJ9…' },
  logoutUrl: 'https://id.example.com/realms/demo/protocol/openid-connect/logout?id_token_hint=…',
}
const tokens: ExampleWords = {
  ...{ grant_type: 'client_credentials', scope: 'orders.read', token_type: 'Bearer', expires_in: 300 },
  ...{ access_token: 'eyJhbGciOiJSUzI1NiJ9…', token: 'eyJhbGciOiJSUzI1NiJ9…', token_type_hint: 'access_token' },
}
const client: ExampleWords = {
  ...{ id: '5b8d2f61-6a9c-4a55-9d57-0c6b1f0e3d72', clientId: 'svc-reports', name: 'Reports', search: 'reports' },
  ...{ description: 'Writes the monthly reports.', scope: 'orders.read', lifetimeSeconds: 300 },
  ...{ secret: 'q8V…shown-once…', version: 'mXo3B2v0y1Cq8Zr5Tn4uJw' },
}
const role: ExampleWords = { name: 'support', description: 'Helps customers.', search: 'support', client: 'orders-api' }
const group: ExampleWords = { id: GROUP, name: 'customers', description: 'Whoever buys.', search: 'cust' }
const scope: ExampleWords = {
  ...{ name: 'orders.read', description: 'Read orders.', consentText: 'See your orders', resource: 'orders-api' },
  ...{ search: 'orders', role: 'client:orders-api:orders.read' },
}
const event: ExampleWords = {
  ...{ type: 'LOGIN_ERROR', error: 'invalid_user_credentials', typesNotKept: 'REFRESH_TOKEN', operation: 'UPDATE' },
  ...{ resourceType: 'USER', actor: USER, path: `users/${USER}`, clientUuid: '5b8d2f61-6a9c-4a55-9d57-0c6b1f0e3d72' },
  ...{ member: 'firstName', role: 'realm:customer' },
}
const setting: ExampleWords = {
  ...{ name: 'LOG_LEVEL', group: 'Logging', meaning: 'From which level on lines are written.', default: 'info' },
  ...{
    value: 'debug',
    configured: 'info',
    path: '/api/orders',
    upstream: 'http://orders.internal:8080',
    method: 'GET',
  },
  ...{ token: 'forward', sslRequired: 'external', passwordPolicy: 'length(10)', type: 'totp' },
}
const audit: ExampleWords = {
  ...{
    kind: 'user',
    action: 'user.update',
    outcome: 'ok',
    actor: USER,
    target: USER,
    after: '01990f2e',
    next: '01990f2d',
  },
}

/** The people and things of all examples in the description of the API: one story, told everywhere with the same names. */
export const exampleWords: ExampleVocabulary = {
  '': { ...people, ...rights, ...places },
  'Signing in': signIn,
  'Own account': { type: 'otp' },
  'Tokens of service clients': tokens,
  'Service clients': client,
  'Administration: roles': role,
  'Administration: groups': group,
  'Administration: scopes': scope,
  'Administration: events': event,
  'Administration: settings': setting,
  'Administration: audit': audit,
  endOwnSession: { id: PUBLIC_SESSION },
  endSession: { id: PUBLIC_SESSION },
}
