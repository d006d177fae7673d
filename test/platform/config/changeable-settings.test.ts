import { expect } from 'chai'
import fc from 'fast-check'
import { CHANGEABLE, changeableSettings, configuredValues } from '../../../src/platform/config/changeable-settings.ts'
import { docOf } from '../../../src/platform/config/setting.ts'
import { settingsShape } from '../../../src/platform/config/settings.ts'
import { configOf, least } from './config-of.ts'

describe('Settings that can be changed while running', () => {
  it('may be exactly what they may be in the environment', () => {
    const values = fc.oneof(
      fc.integer(),
      fc.constantFrom('error', 'warn', 'info', 'debug', 'silly', '', 0, 31_536_000, 31_536_001),
    )
    fc.assert(
      fc.property(fc.constantFrom(...CHANGEABLE), values, (name, value) => {
        const isTyped = typeof value === (name === 'LOG_LEVEL' ? 'string' : 'number')
        const mayBe = isTyped && settingsShape[name].safeParse(String(value)).success
        expect(changeableSettings[name].safeParse(value).success, `${name} ${value}`).to.equal(mayBe)
      }),
    )
  })

  it('refuse what only looks like a number', () => {
    for (const value of ['300', 1.5, Number.NaN, Number.POSITIVE_INFINITY, -1, null, true, [300], { ttl: 300 }])
      expect(changeableSettings.GROUP_CACHE_TTL.safeParse(value).success, String(value)).to.equal(false)
  })

  it('are no secrets', () => {
    for (const name of CHANGEABLE) expect(docOf(settingsShape[name])?.secret, name).to.equal(undefined)
  })

  it('begin as they are configured', () => {
    const env = {
      LOG_LEVEL: 'warn',
      JWKS_CACHE_TTL: '1',
      USER_INFO_CACHE_TTL: '2',
      GROUP_CACHE_TTL: '3',
      ROLE_CACHE_TTL: '4',
    }
    const values = Object.entries(configuredValues(configOf({ ...least, ...env })))
    expect(Object.fromEntries(values.map(([name, value]) => [name, String(value)]))).to.deep.equal(env)
  })
})
