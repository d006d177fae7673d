import { expect } from 'chai'
import fc from 'fast-check'
import { readDocument, writeDocument } from '../../../src/admin/settings/settings-document.ts'

const read = (changes: unknown, revision: unknown = 1) => readDocument(JSON.stringify({ revision, changes }))

describe('What is kept of changed settings', () => {
  it('reads as it was written', () => {
    const document = { revision: 7, changes: { LOG_LEVEL: 'debug', USER_INFO_CACHE_TTL: 0 } } as const
    expect(readDocument(writeDocument(document))).to.deep.equal({ document, leftOut: [] })
  })

  const POISON = [
    ...['', 'null', '[]', '7', '"LOG_LEVEL"', '{', '{}', '{"revision":1}', '{"changes":{}}', 'x'.repeat(99)],
    ...['{"revision":-1,"changes":{}}', '{"revision":1.5,"changes":{}}', '{"revision":"1","changes":{}}'],
    ...['{"revision":9007199254740991,"changes":{}}', '{"revision":1,"changes":[]}', '{"revision":1,"changes":null}'],
    JSON.stringify({ revision: 1, changes: { LOG_LEVEL: 'x'.repeat(20_000) } }),
  ]
  it(`is no document when it is one of ${POISON.length} other things`, () => {
    for (const text of POISON) expect(readDocument(text), text.slice(0, 60)).to.equal(undefined)
  })

  it('is taken up without what nobody knows and what may not be so, which is named', () => {
    const found = read({
      LOG_LEVEL: 'silly',
      GROUP_CACHE_TTL: -1,
      USER_INFO_CACHE_TTL: '9',
      JWKS_CACHE_TTL: 9,
      SESSION_SECRET_KEY: 'x',
    })
    expect(found?.document.changes).to.deep.equal({ JWKS_CACHE_TTL: 9 })
    expect(found?.leftOut).to.have.members([
      'LOG_LEVEL',
      'GROUP_CACHE_TTL',
      'USER_INFO_CACHE_TTL',
      'SESSION_SECRET_KEY',
    ])
  })

  it('brings nothing by way of a prototype', () => {
    const found = readDocument('{"revision":1,"changes":{"__proto__":{"LOG_LEVEL":"debug"},"constructor":1}}')
    expect(found?.document.changes).to.deep.equal({})
    expect(found?.document.changes.LOG_LEVEL).to.equal(undefined)
  })

  it('breaks nothing, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((changes) => JSON.stringify({ revision: 1, changes })),
        ),
        (text) => {
          expect(readDocument(text)?.document.changes ?? {}).to.be.an('object')
        },
      ),
    )
  })
})
