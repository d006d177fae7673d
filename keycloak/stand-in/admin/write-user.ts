import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import { KeycloakError } from '../http/keycloak-error.ts'
import { importUser } from '../model/import-people.ts'
import { policyProblem } from '../model/password-policy.ts'
import { realmRole } from '../model/role-keys.ts'
import type { Realm, User } from '../model/types.ts'
import { allowedAttributes } from '../model/user-profile.ts'
import { knownActions } from './user-settings-resource.ts'

type FieldProblem = { field: string; errorMessage: string; params: unknown[] }

const known = new Set([
  ...['id', 'createdTimestamp', 'username', 'enabled', 'totp', 'emailVerified', 'disableableCredentialTypes'],
  ...['requiredActions', 'notBefore', 'access', 'attributes', 'clientConsents', 'clientRoles', 'credentials', 'email'],
  ...['federatedIdentities', 'federationLink', 'firstName', 'groups', 'lastName', 'origin', 'realmRoles', 'self'],
  ...['serviceAccountClientId', 'socialLinks', 'userProfileMetadata', 'applicationRoles'],
])

function checkMembers(body: unknown): UserRepresentation {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new KeycloakError(400, { error: 'invalid_request', error_description: 'Cannot parse the JSON' })
  }
  const stranger = Object.keys(body).find((name) => !known.has(name))
  if (stranger !== undefined) {
    const error = `Invalid json representation for UserRepresentation. Unrecognized field "${stranger}".`
    throw new KeycloakError(400, { error })
  }
  return body
}

function fieldProblems({ username = '', email, firstName, lastName }: UserRepresentation): FieldProblem[] {
  const problem = (field: string, errorMessage: string, ...params: unknown[]) => ({
    field,
    errorMessage,
    params: [field, ...params],
  })
  const problems: FieldProblem[] = []
  if (username.length < 3 || username.length > 255) problems.push(problem('username', 'error-invalid-length', 3, 255))
  else if (/[<>&"\s$%!#?§;*~/\\|^=[\]{}()\p{Cc}]/u.test(username)) {
    problems.push(problem('username', 'error-username-invalid-character'))
  }
  if (email && !/^[^\s@]+@[^\s@]+$/.test(email)) problems.push(problem('email', 'error-invalid-email', email))
  for (const [field, value] of Object.entries({ firstName, lastName })) {
    if (value && /[<>&"$%!#?§;*~/\\|^=[\]{}()\p{Cc}]/u.test(value)) {
      problems.push(problem(field, 'error-person-name-invalid-character'))
    }
  }
  return problems
}

function checkFields(fields: UserRepresentation) {
  const problems = fieldProblems(fields)
  if (problems.length > 0) throw new KeycloakError(400, problems.length === 1 ? problems[0] : { errors: problems })
}

function checkUnique(realm: Realm, { username, email }: Pick<UserRepresentation, 'username' | 'email'>, self?: User) {
  const others = [...realm.users.values()].filter((user) => user !== self)
  const clash = (text: string) => new KeycloakError(409, { errorMessage: `User exists with same ${text}` })
  if (others.some((user) => user.username === username?.toLowerCase())) throw clash('username')
  if (email && others.some((user) => user.email === email.toLowerCase())) throw clash('email')
}

/** Sets a password that the realm's policy accepts. @throws 400 with the rule it breaks */
export function setPassword(realm: Realm, user: User, password: string | undefined, now: number): void {
  if (!password) throw new KeycloakError(400, { error: 'Empty password not allowed' })
  const problem = policyProblem(realm.settings.passwordPolicy, password, user)
  if (problem) throw new KeycloakError(400, problem)
  user.password = password
  user.passwordSetAt = now
}

/** Whoever has a temporary password is asked for another one; with one that stays, the question is over. */
export function askForNewPassword(user: User, isTemporary: boolean): void {
  const others = user.requiredActions.filter((action) => action !== 'UPDATE_PASSWORD')
  user.requiredActions = isTemporary ? [...others, 'UPDATE_PASSWORD'] : others
}

/** `POST …/users`: a new person with the realm's default roles. @throws 400 or 409 as Keycloak does */
export function createUser(realm: Realm, body: unknown, now: number): User {
  const source = checkMembers(body)
  if (!source.username) throw new KeycloakError(400, { errorMessage: 'User name is missing' })
  checkFields(source)
  checkUnique(realm, source)
  const { realmRoles: _realmRoles, clientRoles: _clientRoles, credentials, id: _id, ...rest } = source
  const user = importUser(
    { ...rest, attributes: allowedAttributes(realm.settings, rest.attributes) },
    realm.groups,
    now,
  )
  user.roles.add(realmRole(`default-roles-${realm.name}`))
  const password = credentials?.find((one) => one.type === undefined || one.type === 'password')
  user.requiredActions = knownActions(user.requiredActions)
  if (password) setPassword(realm, user, password.value, now)
  if (password?.temporary) askForNewPassword(user, true)
  realm.users.set(user.id, user)
  return user
}

/** Absent keeps, `""` removes. */
function merge(user: User, name: 'email' | 'firstName' | 'lastName', value: string | null | undefined) {
  if (value === '') delete user[name]
  else if (typeof value === 'string') user[name] = name === 'email' ? value.toLowerCase() : value
}

/**
 * `PUT …/users/{id}`. Without `attributes` a merge; with them, attributes are replaced and name and address are removed
 * unless they are in the same body.
 */
export function updateUser(realm: Realm, user: User, body: unknown, now: number): void {
  const source = checkMembers(body)
  if (source.username && source.username.toLowerCase() !== user.username && !realm.settings.editUsernameAllowed) {
    const field = 'username'
    throw new KeycloakError(400, { field, errorMessage: 'error-user-attribute-read-only', params: [field] })
  }
  checkFields({ ...source, username: source.username ?? user.username })
  checkUnique(
    realm,
    { username: source.username ?? user.username, ...(source.email ? { email: source.email } : {}) },
    user,
  )
  const removed = source.attributes === undefined ? undefined : ''
  if (source.attributes) user.attributes = allowedAttributes(realm.settings, source.attributes)
  for (const name of ['email', 'firstName', 'lastName'] as const) merge(user, name, source[name] ?? removed)
  if (source.username) user.username = source.username.toLowerCase()
  user.enabled = source.enabled ?? user.enabled
  user.emailVerified = source.emailVerified ?? user.emailVerified
  if (source.requiredActions) user.requiredActions = knownActions(source.requiredActions)
  const password = source.credentials?.find((one) => one.type === undefined || one.type === 'password')
  if (password) setPassword(realm, user, password.value, now)
}
