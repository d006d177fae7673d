import { GatewayError, unavailable } from '../../src/platform/errors/gateway-error.ts'
import type { Account, KeycloakAccounts } from '../../src/platform/keycloak/accounts/keycloak-accounts.ts'
import { versioned } from '../../src/platform/keycloak/accounts/to-account.ts'
import { versionOf } from '../../src/platform/keycloak/people/resource-version.ts'
import type { KeycloakUsers } from '../../src/platform/keycloak/users/keycloak-users.ts'

type Users = Pick<KeycloakUsers, 'change' | 'create' | 'remove' | 'setPassword'>

/** Accounts in memory; every write and mail is noted, and any call may be made to fail. */
export function fakeAccounts() {
  const people = new Map<string, Account & { password?: string }>()
  const done: string[] = []
  const failing = new Map<string, GatewayError>()
  let made = 0

  async function act<T>(what: string, work: () => T): Promise<T> {
    const failure = [...failing].find(([name]) => what.startsWith(name))
    if (failure !== undefined) throw failure[1]
    done.push(what)
    return work()
  }
  function person(id: string): Account & { password?: string } {
    const found = people.get(id)
    if (found === undefined) throw new GatewayError('USER_NOT_FOUND')
    return found
  }
  const withVersion = (account: Account): Account => ({ ...account, version: versionOf(versioned(account)) })

  const accounts: KeycloakAccounts = {
    read: async (id) => withVersion(structuredClone(person(id))),
    findByEmail: async (email) => [...people.values()].find((one) => one.email === email || one.username === email),
    mailActions: (id, actions) => act(`mail ${person(id).email} ${actions.join('+')}`, () => undefined),
    mailVerification: (id) => act(`verify ${person(id).email}`, () => undefined),
    credentials: async () => [
      { id: 'p', type: 'password', label: null, createdAt: null },
      { id: 'o', type: 'otp', label: 'phone', createdAt: null },
    ],
    removeCredential: (_id, credentialId) => act(`remove credential ${credentialId}`, () => true),
    consents: async () => [{ clientId: 'orders-app', scopes: ['profile'], createdAt: null }],
    withdrawConsent: (_id, clientId) => act(`withdraw ${clientId}`, () => true),
    rules: async () => ({ passwordPolicy: 'length(10)', confirmsNewEmail: true }),
  }
  const users: Users = {
    change: ({ id }, changes) =>
      act(`change ${JSON.stringify(changes)}`, () => void people.set(id, { ...person(id), ...(changes as object) })),
    create: ({ password, ...user }) =>
      act(`create ${user.username}`, () => {
        const id = `made-${++made}`
        const account = { ...user, id, createdAt: null, mayChangeUsername: false, version: '' }
        people.set(id, { ...account, ...(password === null ? {} : { password: password.value }) })
        return id
      }),
    remove: (id) => act(`remove ${person(id).username}`, () => void people.delete(id)),
    setPassword: (id, { value }) => act('set password', () => void people.set(id, { ...person(id), password: value })),
  }

  return {
    accounts,
    users,
    /** What was done, in order. */
    done,
    people,
    add(id: string, more: Partial<Account> = {}): void {
      const names = { username: id, email: `${id}@example.com`, firstName: 'A', lastName: 'L' }
      const rest = { emailVerified: true, enabled: true, createdAt: null, attributes: {}, requiredActions: [] }
      people.set(id, { id, ...names, ...rest, mayChangeUsername: false, version: '', ...more })
    },
    /** Calls whose note begins like this fail from now on. */
    fail(what: string, error: GatewayError = unavailable('KEYCLOAK_UNAVAILABLE', 'nobody answers')): void {
      failing.set(what, error)
    },
  }
}
