import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { openRoleDesk } from './role-desk-world.ts'

const ROLES = {
  ...{ 'realm:admin': [], 'realm:customer': [], 'realm:gold': ['realm:customer'], 'realm:till': [] },
  ...{ 'realm:boss': ['realm:admin'], 'realm:default-roles-shop': ['realm:offline_access'] },
  ...{ 'realm:offline_access': [], 'realm:operator': [], 'client:shop:read': [], 'client:shop:write': [] },
  ...{ 'client:account:view-profile': [], 'realm:hidden': ['realm:deep'] },
  ...{ 'realm:deep': ['client:realm-management:manage-users'], 'client:realm-management:manage-users': [] },
}
const PEOPLE = {
  ada: ['realm:admin', 'realm:customer', 'client:shop:read', 'realm:default-roles-shop'],
  ann: ['realm:customer'],
  'service-account-writer': ['realm:customer', 'client:shop:read'],
}

/** A shop: ada runs it, ann buys there, and a service may write roles. */
export const openShop = (people: Record<string, readonly string[]> = PEOPLE) =>
  openRoleDesk({ roles: ROLES, people, scopes: { 'shop.write': 'client:shop:write' } })

/** A role without anything. */
export const BARE = { description: null, attributes: {}, client: null, composites: [] as string[] }

/** The code, with the rule of a refusal; `done` where there is none. */
export const told = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) =>
      error instanceof GatewayError ? [error.code, error.details.rule].filter(Boolean).join(' ') : String(error),
  )
