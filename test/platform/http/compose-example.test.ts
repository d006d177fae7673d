import { expect } from 'chai'
import { composeExample, type DocumentSchema } from '../../../src/platform/http/compose-example.ts'

const words = { name: 'carol', max: 20, size: 'not a number', enabled: true, kind: 'dog', role: 'admin' }
const group: DocumentSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, subGroups: { type: 'array', items: { $ref: '#/components/schemas/Group' } } },
}
const make = (schema: DocumentSchema, name = '') => composeExample(schema, { Group: group }, words, name)
const text: DocumentSchema = { type: 'string' }

describe('An example made of a schema', () => {
  const made: [string, DocumentSchema, string, unknown][] = [
    ['what the schema says itself', { type: 'string', examples: ['eve'] }, 'name', 'eve'],
    ['a constant', { const: 7 }, '', 7],
    ['the word for the member', text, 'name', 'carol'],
    ['the word as text, as in a query', text, 'max', '20'],
    ['a flag as text', { type: 'string', enum: ['false', 'true'] }, 'enabled', 'true'],
    ['no word of another kind', { type: 'integer', minimum: 3 }, 'size', 3],
    ['no word that the list of values does not have', { type: 'string', enum: ['cat', 'cow'] }, 'kind', 'cat'],
    ['a list of one, by the singular', { type: 'array', items: text }, 'roles', ['admin']],
    ['what is there rather than nothing', { anyOf: [{ type: 'null' }, text] }, 'name', 'carol'],
    ['a default', { type: 'string', default: 'x' }, 'unheard', 'x'],
    ['a time', { type: 'string', format: 'date-time' }, 'at', '2026-01-31T09:30:00.000Z'],
    [
      'an object, member by member',
      { type: 'object', properties: { name: text, n: { type: 'integer' } } },
      '',
      { name: 'carol', n: 1 },
    ],
    ['an open object without members', { type: 'object' }, 'attributes', {}],
  ]
  for (const [what, schema, name, example] of made)
    it(`is ${what}`, () => expect(make(schema, name)).to.deep.equal({ example, missing: [] }))

  it('ends where a thing holds others of its kind', () => {
    const { example, missing } = make({ $ref: '#/components/schemas/Group' })
    expect(missing).to.deep.equal([])
    expect(JSON.stringify(example).length).to.be.lessThan(200)
  })

  it('names the places for which there is no word', () => {
    const schema = {
      type: 'object',
      properties: { owner: { type: 'object', properties: { nick: text } }, tags: { type: 'array', items: text } },
    }
    expect(make(schema).missing).to.deep.equal(['owner.nick', 'tags[]'])
  })
})
