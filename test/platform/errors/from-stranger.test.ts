import { expect } from 'chai'
import fc from 'fast-check'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'

const STRANGERS: [what: string, thrown: unknown, code: string][] = [
  ['a body that is too large', { type: 'entity.too.large', status: 413 }, 'PAYLOAD_TOO_LARGE'],
  ['a body that is not JSON', { type: 'entity.parse.failed', status: 400 }, 'INVALID_REQUEST'],
  ['a body in an unknown encoding', { type: 'encoding.unsupported', status: 415 }, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body in an unknown charset', { type: 'charset.unsupported', status: 415 }, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a body that broke off', { type: 'request.aborted', status: 400 }, 'INVALID_REQUEST'],
  ['a body that lied about its length', { type: 'request.size.invalid', status: 400 }, 'INVALID_REQUEST'],
  ['broken percent encoding', new URIError('URI malformed'), 'INVALID_PATH'],
  ["a router's own 400", Object.assign(new Error('x'), { status: 400 }), 'INVALID_REQUEST'],
  ['a bug', new TypeError('undefined is not a function'), 'INTERNAL_ERROR'],
  ['an error that calls itself 404', Object.assign(new Error('x'), { status: 404 }), 'INTERNAL_ERROR'],
  ['an error whose type is a word of the language', { type: 'constructor' }, 'INTERNAL_ERROR'],
  ['an error whose type is another such word', { type: '__proto__', status: 500 }, 'INTERNAL_ERROR'],
  ['nothing', undefined, 'INTERNAL_ERROR'],
  ['null', null, 'INTERNAL_ERROR'],
  ['a text', 'boom', 'INTERNAL_ERROR'],
  ['a number', 400, 'INTERNAL_ERROR'],
  ['a symbol', Symbol('boom'), 'INTERNAL_ERROR'],
  ['an object without a prototype', Object.create(null), 'INTERNAL_ERROR'],
]

describe('What strangers throw', () => {
  for (const [what, thrown, code] of STRANGERS) {
    it(`${what} is ${code}`, () => {
      const error = fromStranger(thrown)
      expect(error).to.be.instanceOf(GatewayError)
      expect(error.code).to.equal(code)
      expect(error.cause).to.equal(thrown)
    })
  }

  it('stays what it is when it is ours', () => {
    const ours = new GatewayError('NOT_FOUND')
    expect(fromStranger(ours)).to.equal(ours)
  })

  it('is always one of our errors, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(fromStranger(thrown)).to.be.instanceOf(GatewayError)
      }),
    )
  })
})
