import type { Realm, User } from '../realm-schema.ts'
import { isMasked, MASKED } from './check-settings.ts'
import { checkClientRoles, checkNames, checkUnique, type DeclaredNames, type Report } from './declared-names.ts'
import { type PasswordPolicy, parsePasswordPolicy, passwordFault } from './password-policy.ts'

/** Users and service accounts: switched on, with default roles, known roles and groups, passwords that fit the policy. */
export function checkUsers(realm: Realm, names: DeclaredNames, report: Report): void {
  const users = realm.users ?? []
  const { policy } = parsePasswordPolicy(realm.passwordPolicy ?? '')
  checkUnique(
    users.map(({ username }) => username.toLowerCase()),
    (index) => ['users', index, 'username'],
    'user',
    report,
  )
  if (realm.duplicateEmailsAllowed !== true) checkEmails(users, report)
  for (const [index, user] of users.entries()) {
    const at: Report = (path, message) => report(['users', index, ...path], message)
    checkAccount(user, names, at)
    checkCredentials(user, policy, at)
    checkAttributes(user, realm, at)
    checkNames(user.realmRoles, names.realmRoles, ['realmRoles'], 'realm role', at)
    checkNames(user.groups, names.groups, ['groups'], 'group with the path', at)
    checkClientRoles(user.clientRoles, names, ['clientRoles'], at)
    if (user.serviceAccountClientId !== undefined) checkServiceAccount(user, realm, at)
  }
}

function checkEmails(users: readonly User[], report: Report): void {
  const seen = new Set<string>()
  for (const [index, { email }] of users.entries()) {
    if (email === undefined) continue
    if (seen.has(email.toLowerCase()))
      report(['users', index, 'email'], `another user has "${email}" too; each needs an own one`)
    seen.add(email.toLowerCase())
  }
}

function checkAccount(user: User, names: DeclaredNames, report: Report): void {
  if (user.username !== user.username.toLowerCase()) {
    report(['username'], `Keycloak keeps user names in small letters; write "${user.username.toLowerCase()}"`)
  }
  if (user.enabled === undefined)
    report(['enabled'], 'is missing; Keycloak would import the user switched off. Write true')
  if (user.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(user.email)) {
    report(['email'], `"${user.email}" is not an e-mail address`)
  }
  if (!user.realmRoles?.includes(names.defaultRole)) {
    report(['realmRoles'], `lacks "${names.defaultRole}": an import gives no default roles, list them`)
  }
}

function checkCredentials(user: User, policy: PasswordPolicy, report: Report): void {
  for (const [index, { type, value }] of (user.credentials ?? []).entries()) {
    const at = ['credentials', index, 'value']
    if (value === undefined || type !== 'password') continue
    const fault = isMasked(value) ? MASKED : passwordFault(policy, value, user)
    if (fault !== undefined) report(at, isMasked(value) ? fault : `the password ${fault} (passwordPolicy)`)
  }
}

function checkAttributes(user: User, realm: Realm, report: Report): void {
  const hasProfile = realm.components?.['org.keycloak.userprofile.UserProfileProvider'] !== undefined
  if (Object.keys(user.attributes ?? {}).length === 0 || hasProfile) return
  report(['attributes'], 'are dropped by Keycloak unless the user profile names them; declare it under components')
}

function checkServiceAccount(user: User, realm: Realm, report: Report): void {
  const clientId = user.serviceAccountClientId ?? ''
  const client = (realm.clients ?? []).find((candidate) => candidate.clientId === clientId)
  if (client?.serviceAccountsEnabled !== true) {
    const why =
      client === undefined ? `there is no client "${clientId}"` : `the client "${clientId}" has no service account`
    report(['serviceAccountClientId'], `${why}; set serviceAccountsEnabled to true on that client`)
  }
  const expected = `service-account-${clientId.toLowerCase()}`
  if (user.username !== expected)
    report(['username'], `a service account is named after its client; write "${expected}"`)
}
