import { expect } from 'chai'
import fc from 'fast-check'
import { readRequestTarget } from '../../src/edge/request-target.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { hostileTargets, innocentTargets } from '../security/path-tables.ts'
import { meant, resolved, resolvers } from './path-resolvers.ts'

const RUNS = { numRuns: 1_000 }

/** Pieces of paths that somebody, somewhere, reads in another way than they are written. */
const piece = fc.oneof(
  fc.constantFrom('/', '/', '/', 'api', 'admin', 'a', '.', '..', '~', '!', '@', ':', '$', ',', '=', '+', '*'),
  fc.constantFrom('%2e', '%2E', '%2f', '%2F', '%5c', '%5C', '\\', ';', '%3b', '%3B', '%00', '%0a', '%0D', '%7f', '%20'),
  fc.constantFrom('%25', '%2', '%', '%%', '%25%32%65', '%252e', '%252f', '%25252e', '%255c', '%u002e', '%3f', '%23'),
  fc.constantFrom('%c0%ae', '%c0%af', '%e0%80%ae', '%f0%80%80%af', '%ef%bc%8f', '%ef%bc%8e', '%ef%bc%bc', '%e2%80%ae'),
  fc.constantFrom('%e2%81%84', '%e2%88%95', '%e2%80%a4', '%e2%80%a5', '%e2%80%a6', '%ef%b9%a8', '%ef%bc%9b', '%c2%85'),
  fc.constantFrom('#', '?', ' ', '\t', '\n', '\x00', '\x7f', '\x80', '\xff', '"', '<', '>', '^', '`', '{', '|', '}'),
  fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`),
  fc.string({ maxLength: 3 }),
)
const hostilePath = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)
const plainSegment = fc.stringMatching(/^[\w~!$&'()*+,=:@-][\w.~!$&'()*+,=:@-]{0,10}$/)
const plainPath = fc.array(plainSegment, { minLength: 1, maxLength: 5 }).map((segments) => `/${segments.join('/')}`)

function read(target: string): { path: string; query: string } | GatewayError {
  try {
    return readRequestTarget(target)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

function pathOf(target: string): string | undefined {
  const found = read(target)
  return found instanceof GatewayError ? undefined : found.path
}

describe('a request target', () => {
  describe('is refused', () => {
    for (const [why, ...targets] of hostileTargets)
      for (const target of targets)
        it(`for ${why}: ${JSON.stringify(target)}`, () => {
          expect(read(target)).to.be.instanceOf(GatewayError).with.property('code', 'INVALID_PATH')
        })

    it('when it is longer than 8 KiB', () => {
      expect(read(`/${'a'.repeat(8_191)}`)).to.have.property('path')
      expect(read(`/${'a'.repeat(8_192)}`)).to.have.property('code', 'URI_TOO_LONG')
      expect(read(`/?${'a'.repeat(8_191)}`)).to.have.property('code', 'URI_TOO_LONG')
    })

    it('without a word about why to the caller', () => {
      const error = read('/a/../b') as GatewayError
      expect(error.details).to.deep.equal({})
      expect(error.reason).to.equal('the path has a dot segment')
    })
  })

  describe('is read as one path', () => {
    for (const [target, path, query] of innocentTargets)
      it(`${target} → ${path}${query}`, () => expect(read(target)).to.deep.equal({ path, query }))
  })

  it('never makes anything else than a path or a refusal of whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), hostilePath), (target) => {
        const found = read(target)
        if (found instanceof GatewayError) expect(found.status).to.be.oneOf([400, 414])
        else expect(found.path).to.match(/^\/(?:[\w.~!$&'()*+,=:@/-]|%[0-9A-F]{2})*$/)
      }),
      RUNS,
    )
  })

  it('that passes is read the same way by every other server', () => {
    fc.assert(
      fc.property(hostilePath, (target) => {
        const path = pathOf(target)
        fc.pre(path !== undefined)
        for (const [reader, resolver] of Object.entries(resolvers)) {
          expect(resolved(resolver, path ?? ''), `${reader} reads ${path}`).to.deep.equal(meant(path ?? ''))
          const [raw = ''] = target.split('?')
          expect(resolved(resolver, raw), `${reader} reads ${raw}`).to.deep.equal(meant(path ?? ''))
        }
      }),
      RUNS,
    )
  })

  it('that passes has no empty segment inside, no dot segment and no encoded unreserved character', () => {
    fc.assert(
      fc.property(hostilePath, (target) => {
        const path = pathOf(target)
        fc.pre(path !== undefined)
        expect(path).not.to.match(/\/\/|\/\.{1,2}(\/|$)|%(2[DE]|3\d|[46][1-9A-F]|[57][0-9A]|5F|7E)|%25[0-9A-F]{2}/)
      }),
      RUNS,
    )
  })

  it('that is canonical already stays as it is', () => {
    fc.assert(
      fc.property(hostilePath, (target) => {
        const path = pathOf(target)
        fc.pre(path !== undefined)
        expect(pathOf(path ?? '')).to.equal(path)
      }),
      RUNS,
    )
    fc.assert(
      fc.property(plainPath, (path) => {
        expect(pathOf(path)).to.equal(path)
      }),
      RUNS,
    )
  })

  it('means the same however its unreserved characters are spelled', () => {
    const spelling = fc.infiniteStream(fc.constantFrom('plain', 'lower', 'upper'))
    fc.assert(
      fc.property(plainPath, spelling, (path, spellings) => {
        const spelled = path.replace(/[\w.~-]/g, (char) => {
          const hex = char.charCodeAt(0).toString(16)
          const how = spellings.next().value
          return how === 'plain' ? char : `%${how === 'upper' ? hex.toUpperCase() : hex}`
        })
        expect(pathOf(spelled)).to.equal(path)
      }),
      RUNS,
    )
  })

  it('keeps its query byte for byte', () => {
    const query = fc.stringMatching(/^\?[\x21\x22\x24-\x7e]{0,60}$/)
    fc.assert(
      fc.property(plainPath, query, (path, text) => {
        expect(read(path + text)).to.deep.equal({ path, query: text })
      }),
      RUNS,
    )
  })
})
