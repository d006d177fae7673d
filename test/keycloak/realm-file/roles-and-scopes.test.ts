import { type Case, tellRefusals } from './refusals.ts'

const cases: Case[] = [
  ['a role twice', 'roles/realm/1/name', 'admin', 'roles.realm[1].name', /there twice/],
  [
    'a composite of an unknown role',
    'roles/realm/0/composites',
    { realm: ['boss'] },
    'roles.realm[0].composites.realm[0]',
    /boss/,
  ],
  ['roles of an unknown client', 'roles/client/shop', [{ name: 'x' }], 'roles.client.shop', /no client "shop"/],
  ['a slash in a group', 'groups/staff/name', 'staff/all', 'groups[1].name', /must not contain "\/"/],
  ['a group twice', 'groups/staff/name', 'customers', 'groups[1].name', /there twice/],
  [
    'an unknown role of a group',
    'groups/staff/realmRoles',
    ['boss'],
    'groups[1].realmRoles[0]',
    /no realm role "boss"/,
  ],
  ['only own scopes', 'clientScopes', [], 'clientScopes', /missing: basic, acr, roles/],
  ['no default scopes', 'defaultDefaultClientScopes', undefined, 'defaultDefaultClientScopes', /no scopes at all/],
  [
    'an unknown default scope',
    'defaultOptionalClientScopes',
    ['fax'],
    'defaultOptionalClientScopes[0]',
    /no client scope/,
  ],
  [
    'a mapping of an unknown scope',
    'clientScopeMappings/orders-api/0/clientScope',
    'orders.see',
    'clientScopeMappings["orders-api"][0].clientScope',
    /no client scope "orders.see"/,
  ],
  ['a mapping of an unknown client', 'clientScopeMappings/shop', [], 'clientScopeMappings.shop', /no client "shop"/],
]

describe('A realm file is refused for its roles, groups and scopes:', () => tellRefusals(cases))
