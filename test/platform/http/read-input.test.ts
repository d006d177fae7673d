import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { z } from 'zod'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { paging, readInput, readQuery } from '../../../src/platform/http/read-input.ts'

const schema = z.strictObject({ ...paging, search: z.string('must come once').max(5, 'must be short').optional() })

function fieldsOf(input: unknown, by: z.ZodType = schema): unknown {
  try {
    readInput(by, input)
    return undefined
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    expect(error.code).to.equal('INVALID_REQUEST')
    return error.details.fields
  }
}

describe('Input that is read by a schema', () => {
  it('comes out typed, with what was left out filled in', () => {
    expect(readInput(schema, { first: '40', search: 'ada' })).to.deep.equal({ first: 40, max: 20, search: 'ada' })
  })

  it('is an object, and says so where it is not', () => {
    for (const input of [undefined, null, [], 'text', 7])
      expect(fieldsOf(input)).to.deep.equal([{ field: '(body)', problem: 'must be a JSON object' }])
  })

  const WRONG: [what: string, input: unknown, fields: string[]][] = [
    ['a number with letters', { first: '1a' }, ['first']],
    ['a negative number', { first: '-1' }, ['first']],
    ['a number that is too small', { max: '0' }, ['max']],
    ['a number that is too large', { max: '101' }, ['max']],
    ['a very long number', { first: '9'.repeat(400) }, ['first']],
    ['an exponent', { first: '1e3' }, ['first']],
    ['an empty number', { max: '' }, ['max']],
    ['a parameter that came twice', { search: ['a', 'b'] }, ['search']],
    ['a number that came twice', { max: ['1', '2'] }, ['max']],
    ['a nested parameter', { search: { $ne: '' } }, ['search']],
    ['an unknown parameter', { sort: 'name' }, ['sort']],
    ['the prototype', JSON.parse('{"__proto__":{"max":"1"}}'), ['__proto__']],
    [
      'several mistakes',
      { first: 'x', max: 'y', sort: '1', search: 'far too long' },
      ['first', 'max', 'search', 'sort'],
    ],
    ['a list', [], ['(body)']],
    ['nothing', undefined, ['(body)']],
    ['a text', 'first=1', ['(body)']],
  ]
  for (const [what, input, names] of WRONG) {
    it(`is refused with ${what}, and every field is named`, () => {
      const fields = fieldsOf(input) as { field: string; problem: string }[]
      expect(fields.map(({ field }) => field).sort()).to.deep.equal(names)
      for (const { problem } of fields) expect(problem).to.be.a('string').with.lengthOf.at.least(5)
    })
  }

  it('says what would be right', () => {
    expect(fieldsOf({ max: '500' })).to.deep.equal([{ field: 'max', problem: 'must be a whole number from 1 to 100' }])
    expect(fieldsOf({ sort: '1' })).to.deep.equal([{ field: 'sort', problem: 'is not known here' }])
    const nested = z.strictObject({ settings: z.strictObject({}) })
    expect(fieldsOf({ settings: { level: 1 } }, nested)).to.deep.equal([
      { field: 'settings.level', problem: 'is not known here' },
    ])
    expect(fieldsOf({ search: ['a', 'b'] })).to.deep.equal([{ field: 'search', problem: 'must come once' }])
  })

  it('does not repeat what was sent', () => {
    expect(JSON.stringify(fieldsOf({ search: 'canary-secret', max: 'canary' }))).not.to.contain('canary')
  })

  it('is read from the query of a request', async () => {
    const app = express().get('/', (req, res) => void res.json(readQuery(schema, req)))
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/?max=5&search=%C3%A4`)
    server.close()
    expect(await answer.json()).to.deep.equal({ first: 0, max: 5, search: 'ä' })
  })
})
