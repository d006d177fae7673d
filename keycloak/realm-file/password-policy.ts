import { closest } from './closest.ts'
import { PASSWORD_HASHES, PASSWORD_POLICIES } from './keycloak-names.ts'

/** A policy such as `length(10) and notUsername(undefined)`, by name. */
export type PasswordPolicy = ReadonlyMap<string, string>

const NUMBERS = ['digits', 'hashIterations', 'length', 'lowerCase', 'maxLength', 'specialChars', 'upperCase']

/** Reads Keycloak's notation. What it would refuse (and then not start) comes back as problems. */
export function parsePasswordPolicy(text: string): { policy: PasswordPolicy; problems: string[] } {
  const policy = new Map<string, string>()
  const problems: string[] = []
  for (const part of text.trim() === '' ? [] : text.split(' and ')) {
    const [, name = '', value = ''] = /^\s*(\w+)(?:\((.*)\))?\s*$/.exec(part) ?? []
    if (name === '') problems.push(`cannot read "${part.trim()}"; write name(value), joined by " and "`)
    else if (!PASSWORD_POLICIES.includes(name))
      problems.push(`there is no rule "${name}"${closest(name, PASSWORD_POLICIES)}`)
    else if (NUMBERS.includes(name) && !/^\d+$/.test(value)) problems.push(`${name}(${value}) needs a number`)
    else if (name === 'hashAlgorithm' && !PASSWORD_HASHES.includes(value)) {
      problems.push(`there is no hash algorithm "${value}"; take one of ${PASSWORD_HASHES.join(', ')}`)
    } else policy.set(name, value)
  }
  return { policy, problems }
}

/** Why a password does not fit the policy, or undefined. Rules that need the server (history, blacklist) are not judged. */
export function passwordFault(
  policy: PasswordPolicy,
  password: string,
  user: { username: string; email?: string | undefined },
) {
  const count = (pattern: RegExp) => password.match(pattern)?.length ?? 0
  const atLeast = (rule: string, found: number, what: string) =>
    found < Number(policy.get(rule) ?? 0) ? `must have at least ${policy.get(rule)} ${what}` : undefined
  const same = (text: string | undefined) => text !== undefined && text.toLowerCase() === password.toLowerCase()
  return (
    atLeast('length', password.length, 'characters') ??
    atLeast('digits', count(/\p{Nd}/gu), 'digits') ??
    atLeast('lowerCase', count(/\p{Ll}/gu), 'small letters') ??
    atLeast('upperCase', count(/\p{Lu}/gu), 'capital letters') ??
    atLeast('specialChars', count(/[^\p{L}\p{Nd}]/gu), 'special characters') ??
    (password.length > Number(policy.get('maxLength') ?? Infinity)
      ? `must have at most ${policy.get('maxLength')} characters`
      : undefined) ??
    (policy.has('notUsername') && same(user.username) ? 'must not be the user name' : undefined) ??
    (policy.has('notEmail') && same(user.email) ? 'must not be the e-mail address' : undefined)
  )
}
