import type { User } from './types.ts'

/** Why a password was refused, in Keycloak's two members. */
export type PolicyProblem = { error: string; error_description: string }

type Rule = (password: string, user: User, limit: string) => PolicyProblem | undefined

const count = (password: string, pattern: RegExp) => password.match(pattern)?.length ?? 0
const refuse = (error: string, text: string): PolicyProblem => ({
  error: `invalidPassword${error}Message`,
  error_description: `Invalid password: ${text}`,
})
const atLeast =
  (error: string, what: string, pattern: RegExp): Rule =>
  (password, _user, limit) =>
    count(password, pattern) < Number(limit) ? refuse(error, `must contain at least ${limit} ${what}.`) : undefined

const rules: Record<string, Rule> = {
  length: (password, _user, limit) =>
    password.length < Number(limit) ? refuse('MinLength', `minimum length ${limit}.`) : undefined,
  maxLength: (password, _user, limit) =>
    password.length > Number(limit) ? refuse('MaxLength', `maximum length ${limit}.`) : undefined,
  digits: atLeast('MinDigits', 'numerical digits', /\p{Nd}/gu),
  lowerCase: atLeast('MinLowerCaseChars', 'lower case characters', /\p{Ll}/gu),
  upperCase: atLeast('MinUpperCaseChars', 'upper case characters', /\p{Lu}/gu),
  specialChars: atLeast('MinSpecialChars', 'special characters', /[^\p{L}\p{Nd}]/gu),
  notUsername: (password, user) =>
    password.toLowerCase() === user.username ? refuse('NotUsername', 'must not be equal to the username.') : undefined,
  notEmail: (password, user) =>
    user.email && password.toLowerCase() === user.email.toLowerCase()
      ? refuse('NotEmail', 'must not be equal to the email.')
      : undefined,
}

/**
 * Judges a password by a realm's `passwordPolicy`, such as `length(10) and notUsername(undefined)`.
 * Rules about hashing and history do not apply to a stand-in and are passed over.
 */
export function policyProblem(policy: string | undefined, password: string, user: User): PolicyProblem | undefined {
  for (const part of (policy ?? '').split(' and ')) {
    const [, name = '', limit = ''] = /^\s*(\w+)\(([^)]*)\)\s*$/.exec(part) ?? []
    const problem = rules[name]?.(password, user, limit)
    if (problem) return problem
  }
  return undefined
}
