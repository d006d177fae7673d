/** A rule of the realm's password policy that a password breaks. */
export interface BrokenRule {
  /** Keycloak's name of the rule, such as `length`. */
  rule: string
  /** Goes on after "the password". */
  problem: string
}

interface Owner {
  username: string
  email: string | null
}

type Rule = (password: string, limit: string, owner: Owner) => string | undefined

const count = (password: string, pattern: RegExp) => password.match(pattern)?.length ?? 0
const atLeast =
  (what: string, pattern: RegExp): Rule =>
  (password, limit) =>
    count(password, pattern) < Number(limit) ? `must contain at least ${limit} ${what}` : undefined

const RULES: Record<string, Rule> = {
  length: (password, limit) => (password.length < Number(limit) ? `must have at least ${limit} characters` : undefined),
  maxLength: (password, limit) =>
    password.length > Number(limit) ? `must have at most ${limit} characters` : undefined,
  digits: atLeast('digits', /\p{Nd}/gu),
  lowerCase: atLeast('lower-case letters', /\p{Lowercase}/gu),
  upperCase: atLeast('upper-case letters', /\p{Uppercase}/gu),
  specialChars: atLeast('characters that are neither letters nor digits', /[^\p{L}\p{Nd}]/gu),
  notUsername: (password, _limit, { username }) =>
    password.toLowerCase() === username.toLowerCase() ? 'must not be the user name' : undefined,
  notContainsUsername: (password, _limit, { username }) =>
    password.toLowerCase().includes(username.toLowerCase()) ? 'must not contain the user name' : undefined,
  notEmail: (password, _limit, { email }) =>
    email !== null && password.toLowerCase() === email.toLowerCase() ? 'must not be the e-mail address' : undefined,
  regexPattern: (password, pattern) => (fits(password, pattern) ? undefined : 'does not have the required form'),
}

/** Rules that only Keycloak can judge, by the error it then gives, and how they read. */
const BY_KEYCLOAK: Record<string, BrokenRule> = {
  invalidPasswordMinLengthMessage: { rule: 'length', problem: 'is too short' },
  invalidPasswordMaxLengthMessage: { rule: 'maxLength', problem: 'is too long' },
  invalidPasswordMinDigitsMessage: { rule: 'digits', problem: 'has too few digits' },
  invalidPasswordMinLowerCaseCharsMessage: { rule: 'lowerCase', problem: 'has too few lower-case letters' },
  invalidPasswordMinUpperCaseCharsMessage: { rule: 'upperCase', problem: 'has too few upper-case letters' },
  invalidPasswordMinSpecialCharsMessage: { rule: 'specialChars', problem: 'has too few special characters' },
  invalidPasswordNotUsernameMessage: { rule: 'notUsername', problem: 'must not be the user name' },
  invalidPasswordNotContainsUsernameMessage: {
    rule: 'notContainsUsername',
    problem: 'must not contain the user name',
  },
  invalidPasswordNotEmailMessage: { rule: 'notEmail', problem: 'must not be the e-mail address' },
  invalidPasswordRegexPatternMessage: { rule: 'regexPattern', problem: 'does not have the required form' },
  invalidPasswordHistoryMessage: { rule: 'passwordHistory', problem: 'must not be one of the last ones' },
  invalidPasswordBlacklistedMessage: { rule: 'passwordBlacklist', problem: 'is too well known' },
}

/**
 * Every rule of a realm's `passwordPolicy` that a password breaks. Keycloak itself names only the first one; the rules that
 * need its knowledge (earlier passwords, lists of known ones) are left to it.
 * @param policy such as `length(10) and notUsername(undefined)`
 */
export function brokenRules(policy: string, password: string, owner: Owner): BrokenRule[] {
  return policy.split(' and ').flatMap((part) => {
    const [, rule = '', limit = ''] = /^\s*(\w+)(?:\((.*)\))?\s*$/.exec(part) ?? []
    const problem = Object.hasOwn(RULES, rule) ? RULES[rule]?.(password, limit, owner) : undefined
    return problem === undefined ? [] : [{ rule, problem }]
  })
}

/** The rule behind Keycloak's refusal of a password, or undefined when it is none. */
export function ruleOfRefusal(error: unknown): BrokenRule | undefined {
  if (typeof error !== 'string' || !/^(invalidPassword|error-password)/.test(error)) return undefined
  const known = Object.hasOwn(BY_KEYCLOAK, error) ? BY_KEYCLOAK[error] : undefined
  return known ?? { rule: 'policy', problem: 'is not accepted by the password policy' }
}

/** A pattern in Java's own dialect is left to Keycloak. */
function fits(password: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(password)
  } catch {
    return true
  }
}
