import { type Case, tellRefusals } from './refusals.ts'

const cases: Case[] = [
  ['no user name', 'users/alice/username', undefined, 'users[0].username', /is missing/],
  ['capitals in the name', 'users/alice/username', 'Alice', 'users[0].username', /write "alice"/],
  ['the same name twice', 'users/bob/username', 'alice', 'users[1].username', /there twice/],
  ['nobody said the user is on', 'users/alice/enabled', undefined, 'users[0].enabled', /switched off/],
  ['no e-mail address', 'users/alice/email', 'at home', 'users[0].email', /is not an e-mail address/],
  ['an e-mail address twice', 'users/bob/email', 'Alice@example.com', 'users[1].email', /another user/],
  ['an unknown role', 'users/alice/realmRoles/1', 'custommer', 'users[0].realmRoles[1]', /did you mean "customer"\?/],
  ['no default roles', 'users/alice/realmRoles', ['customer'], 'users[0].realmRoles', /lacks "default-roles-demo"/],
  [
    'roles of an unknown client',
    'users/alice/clientRoles',
    { ordersapi: [] },
    'users[0].clientRoles.ordersapi',
    /no client/,
  ],
  [
    'an unknown role of a client',
    'users/alice/clientRoles',
    { 'orders-api': ['orders.reed'] },
    'users[0].clientRoles["orders-api"][0]',
    /did you mean "orders.read"\?/,
  ],
  ['an unknown group', 'users/alice/groups', ['customers'], 'users[0].groups[0]', /did you mean "\/customers"\?/],
  ['attributes no profile knows', 'users/alice/attributes', { shoe: ['42'] }, 'users[0].attributes', /dropped/],
  ['a masked password', 'users/alice/credentials/0/value', '**********', 'users[0].credentials[0].value', /masked/],
  ['a short password', 'users/alice/credentials/0/value', 'short', 'users[0].credentials[0].value', /at least 10 char/],
  [
    'the e-mail address as password',
    'users/alice/credentials/0/value',
    'alice@example.com',
    'users[0].credentials[0].value',
    /must not be the e-mail address/,
  ],
  [
    'the account of a client without one',
    'users/service-account-orders-service/serviceAccountClientId',
    'orders-api',
    'users[6].serviceAccountClientId',
    /has no service account/,
  ],
  [
    'a service account under another name',
    'users/service-account-orders-service/username',
    'orders-robot',
    'users[6].username',
    /write "service-account-orders-service"/,
  ],
]

describe('A realm file is refused for its users:', () => tellRefusals(cases))
