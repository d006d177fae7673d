import type { IncomingMessage } from 'node:http'
import { expect } from 'chai'
import { sign } from 'cookie-signature'
import fc from 'fast-check'
import { createSessionCookie } from '../../../src/identity/session/session-cookie.ts'

const [NEW, OLD] = ['a-new-secret-a-new-secret-a-new-secret', 'an-old-secret-an-old-secret-an-old-secret']
const ID = 'AxqCxUBH0ulFkb8y4eRMo2gSm0ThNFbe'

describe('the session cookie', () => {
  const cookie = createSessionCookie({ publicUrl: 'http://localhost:3000', secrets: [NEW, OLD] })
  const carrying = (header?: string) => ({ headers: { cookie: header } }) as IncomingMessage
  const signed = (id: string, secret = NEW) => `s%3A${encodeURIComponent(sign(id, secret))}`

  it('is pinned to the host on https', () => {
    expect(cookie).to.include({ name: 'cloakroom', secure: false })
    const secure = createSessionCookie({ publicUrl: 'https://gw.example', secrets: [NEW] })
    expect(secure).to.include({ name: '__Host-cloakroom', secure: true })
  })

  it('opens with every secret of the list', () => {
    expect(cookie.verify(signed(ID))).to.equal(ID)
    expect(cookie.verify(signed(ID, OLD))).to.equal(ID)
    expect(cookie.verify(signed(ID, 'another-secret'))).to.equal(undefined)
  })

  for (const [what, raw] of [
    ['nothing', ''],
    ['the mark alone', 's%3A'],
    ['an id without a signature', `s%3A${ID}`],
    ['a signature without an id', `s%3A.${signed('').split('.')[1]}`],
    ['another mark', signed(ID).replace('s%3A', 'j%3A')],
    ['the mark in plain', signed(ID).replace('s%3A', 's:')],
    ['broken encoding', `${signed(ID)}%`],
    ['half a character', `${signed(ID)}%E0%A4`],
    ['more than it can be', `s%3A${'a'.repeat(600)}`],
  ] as const) {
    it(`does not open with ${what}`, () => expect(cookie.verify(raw)).to.equal(undefined))
  }

  it('does not open when any character is another one', () => {
    const good = signed(ID)
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        fc.pre(char !== good[at] && char !== '%')
        const changed = good.slice(0, at) + char + good.slice(at + 1)
        // Another spelling of the same bytes (%2b for %2B) is the same ticket.
        fc.pre(!sameWhenDecoded(changed, good))
        expect(cookie.verify(changed)).to.equal(undefined)
      }),
    )
  })

  it('never fails on what a browser sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(cookie.verify(text)).to.equal(undefined)
        expect(cookie.verify(`s%3A${text}`)).to.equal(undefined)
        cookie.isPresent(carrying(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is found among others, by its exact name', () => {
    const raw = signed(ID)
    for (const header of [
      `cloakroom=${raw}`,
      `a=1; cloakroom=${raw}; b=2`,
      `a=1;cloakroom=${raw}`,
      `  cloakroom=${raw}  `,
    ])
      expect(cookie.rawValue(carrying(header)), header).to.equal(raw)
    for (const header of [
      undefined,
      '',
      'cloakroom',
      `Cloakroom=${raw}`,
      `xcloakroom=${raw}`,
      `cloakroom-login-x=${raw}`,
      `a="; cloakroo"m=${raw}`,
    ])
      expect(cookie.rawValue(carrying(header)), header).to.equal(undefined)
  })

  it('twice is refused, for nobody can tell which was planted', () => {
    const twice = carrying(`cloakroom=${signed(ID)}; cloakroom=x`)
    expect(() => cookie.rawValue(twice))
      .to.throw()
      .with.property('code', 'INVALID_COOKIE')
    expect(cookie.isPresent(twice)).to.equal(true)
  })
})

function sameWhenDecoded(a: string, b: string): boolean {
  try {
    return decodeURIComponent(a) === decodeURIComponent(b)
  } catch {
    return false
  }
}
