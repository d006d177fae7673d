import { expect } from 'chai'
import { refuseUnfit } from '../../../src/admin/users/refuse-unfit.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'

function refusedFields(attributes: Record<string, string[]>, allowed: string[] | null): unknown {
  try {
    refuseUnfit({ attributes: allowed, requiredActions: [], passwordPolicy: '' }, { username: 'ann', attributes })
    return []
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return (error.details.fields as { field: string }[]).map(({ field }) => field)
  }
}

describe('Attributes of a user', () => {
  it('are those of the user profile, or any where the realm takes any', () => {
    expect(refusedFields({ department: ['x'], shoes: ['42'] }, ['department'])).to.deep.equal(['attributes.shoes'])
    expect(refusedFields({ department: ['x'], shoes: ['42'] }, null)).to.deep.equal([])
  })

  for (const allowed of [null, ['department']])
    it(`are never members of their own, past what is looked at there (${allowed ?? 'any'} allowed)`, () => {
      const attributes = { email: ['mine@evil.test'], username: ['ada'], firstName: ['A'], lastName: ['B'] }
      const fields = Object.keys(attributes).map((name) => `attributes.${name}`)
      expect(refusedFields(attributes, allowed)).to.deep.equal(fields)
    })
})
