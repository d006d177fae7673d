import { expect } from 'chai'
import { brokenRules, ruleOfRefusal } from '../../../../src/platform/keycloak/users/broken-rules.ts'

const alice = { username: 'alice', email: 'alice@example.com' }
const names = (policy: string, password: string, owner: Parameters<typeof brokenRules>[2] = alice) =>
  brokenRules(policy, password, owner).map(({ rule }) => rule)

describe('The rules of a password policy', () => {
  it('are all named that a password breaks, in the order of the policy', () => {
    const policy =
      'hashAlgorithm(argon2) and length(12) and digits(1) and upperCase(1) and specialChars(1) and notUsername(undefined)'
    const broken = brokenRules(policy, 'alice', alice)
    expect(broken).to.deep.equal([
      { rule: 'length', problem: 'must have at least 12 characters' },
      { rule: 'digits', problem: 'must contain at least 1 digits' },
      { rule: 'upperCase', problem: 'must contain at least 1 upper-case letters' },
      { rule: 'specialChars', problem: 'must contain at least 1 characters that are neither letters nor digits' },
      { rule: 'notUsername', problem: 'must not be the user name' },
    ])
    expect(brokenRules(policy, 'Wonderland-1865', alice)).to.deep.equal([])
  })

  for (const [what, policy, bad, good] of [
    ['upper bounds', 'maxLength(8)', 'wonderland', 'hatter'],
    ['lower-case letters', 'lowerCase(2)', 'WONDERLANd', 'WONDERLand'],
    ['letters and digits of every script', 'upperCase(1) and digits(1)', 'ωonder', 'Ωonder٣'],
    ['the address', 'notEmail(undefined)', 'Alice@example.com', 'alice@example.org'],
    ['the name inside', 'notContainsUsername(undefined)', 'xxALICExx', 'xxbobxx'],
    ['a pattern with brackets', 'regexPattern((foo|bar)\\d+)', 'foobar', 'bar7'],
  ] as const)
    it(`judge ${what}`, () => {
      expect(names(policy, bad)).to.not.deep.equal([])
      expect(names(policy, good)).to.deep.equal([])
    })

  it('that only Keycloak can judge are left to it, and so is what cannot be read', () => {
    for (const policy of [
      '',
      'passwordHistory(3) and passwordBlacklist(words.txt)',
      'regexPattern((?<!)',
      ')(',
      'constructor(1)',
    ])
      expect(names(policy, 'x'), policy).to.deep.equal([])
    expect(names('notEmail(undefined)', 'x', { username: 'x', email: null })).to.deep.equal([])
  })
})

describe("Keycloak's refusal of a password", () => {
  it('names the rule', () => {
    expect(ruleOfRefusal('invalidPasswordHistoryMessage')).to.include({ rule: 'passwordHistory' })
    expect(ruleOfRefusal('invalidPasswordSomethingNewMessage')).to.include({ rule: 'policy' })
    for (const other of [undefined, null, 7, 'unknown_error', 'constructor'])
      expect(ruleOfRefusal(other)).to.equal(undefined)
  })
})
