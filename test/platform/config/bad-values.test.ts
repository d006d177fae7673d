import { expect } from 'chai'
import { settingsShape } from '../../../src/platform/config/settings.ts'
import { anyText, badValues } from './bad-values.ts'
import { least, problemsOf } from './config-of.ts'

describe('Bad values of settings', () => {
  it('are tried for every setting there is', () => {
    expect([...Object.keys(badValues), ...anyText].sort()).to.deep.equal(Object.keys(settingsShape).sort())
  })

  for (const [name, [mend, ...values]] of Object.entries(badValues)) {
    it(`${name} is refused by name, with what to do: ${values.map((value) => JSON.stringify(value)).join(' ')}`, () => {
      for (const value of values) {
        const problems = problemsOf({ ...least, [name]: value })
        const own = problems.filter(({ where }) => where === name)
        expect(own, `${name}=${value} gave ${JSON.stringify(problems)}`).to.have.length(1)
        expect(own[0]?.what, `${name}=${value}`).to.match(mend)
        expect(own[0]?.what, 'a whole sentence').to.match(/\.$|openssl rand -base64 (32|48)\.?$/)
      }
    })
  }

  it('never repeat a secret in the message', () => {
    const secret = 'canary-secret-value'
    const env = { ...least, SESSION_ENCRYPTION_KEYS: secret, REDIS_URL: `redis-cluster://user:${secret}@redis` }
    expect(JSON.stringify(problemsOf({ ...env, SESSION_SECRET_KEY: `${secret},` }))).not.to.contain(secret)
  })
})
