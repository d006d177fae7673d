import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { createSealer } from '../../../src/platform/sealing/sealer.ts'

describe('A sealer', () => {
  const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)]
  const sealer = createSealer([first])
  const sealed = sealer.seal({ refreshToken: 'canary' }, 'session 1')
  const [version = '', keyId = '', body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  const withBody = (changed: Buffer) => `${version}.${keyId}.${changed.toString('base64url')}`

  it('opens what it sealed', () => {
    expect(sealer.open(sealed, 'session 1')).to.deep.equal({ refreshToken: 'canary' })
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, context) => {
        const opened = sealer.open(sealer.seal(value, context), context)
        expect(JSON.stringify(opened)).to.equal(JSON.stringify(value))
      }),
    )
  })

  it('shows nothing of it, and never writes the same twice', () => {
    expect(sealed).to.match(/^s1\.[\w-]{8}\.[\w-]+$/)
    expect(bytes.toString('latin1')).not.to.contain('canary')
    const many = new Set(Array.from({ length: 1_000 }, () => sealer.seal('x', 'c')))
    expect(many.size).to.equal(1_000)
  })

  it('does not open for another place', () => {
    for (const context of ['session 2', 'Session 1', 'session 1 ', '']) {
      expect(sealer.open(sealed, context), context).to.equal(undefined)
    }
  })

  it('does not open when one bit is turned anywhere', () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(sealer.open(withBody(changed), 'session 1'), `byte ${at}`).to.equal(undefined)
    }
  })

  const BROKEN: [what: string, make: () => string][] = [
    ['nothing', () => ''],
    ['a text', () => 'hello'],
    ['a body that was cut', () => withBody(bytes.subarray(0, -1))],
    ['a body without its tag', () => withBody(bytes.subarray(0, 12))],
    ['an empty body', () => withBody(Buffer.alloc(0))],
    ['a body with more at its end', () => withBody(Buffer.concat([bytes, Buffer.from('x')]))],
    ['another version', () => sealed.replace('s1.', 's2.')],
    ['an unknown key', () => createSealer([second]).seal('x', 'session 1')],
    ["another key's name", () => sealed.replace(keyId, 'AAAAAAAA')],
    ['JSON', () => '{"refreshToken":"x"}'],
    ['very much', () => `${version}.${keyId}.${'A'.repeat(1_000_000)}`],
  ]
  for (const [what, make] of BROKEN) {
    it(`opens to nothing: ${what}`, () => expect(sealer.open(make(), 'session 1')).to.equal(undefined))
  }

  it('changes its keys without losing what is sealed: the first seals, all open', () => {
    const rotated = createSealer([second, first])
    expect(rotated.open(sealed, 'session 1')).to.deep.equal({ refreshToken: 'canary' })
    const fresh = rotated.seal('new', 'c')
    expect(createSealer([second]).open(fresh, 'c')).to.equal('new')
    expect(sealer.open(fresh, 'c')).to.equal(undefined)
    expect(createSealer([third]).open(sealed, 'session 1')).to.equal(undefined)
  })

  it('needs a key', () => {
    expect(() => createSealer([])).to.throw('a sealer needs at least one key')
  })
})
