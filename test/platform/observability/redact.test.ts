import { expect } from 'chai'
import fc from 'fast-check'
import { redact } from '../../../src/platform/observability/redact.ts'
import { redactText } from '../../../src/platform/observability/redact-text.ts'
import { CANARY, jwt, leaksIn, opaque, SECRET_MEMBERS, TEXTS } from './canaries.ts'

const written = (value: unknown, key?: string) => JSON.stringify(redact(value, key)) ?? ''

describe('Redaction', () => {
  describe('of texts removes', () => {
    for (const [what, text] of Object.entries(TEXTS)) {
      it(what, () => expect(leaksIn(redactText(text)), redactText(text)).to.deep.equal([]))
    }

    it('a secret that stands where a long text is cut', () => {
      for (let length = 1_900; length <= 2_100; length += 7) {
        const text = `${'x'.repeat(length)} ${jwt} ?code=${opaque}`
        expect(leaksIn(redactText(text)), String(length)).to.deep.equal([])
      }
    })
  })

  it('of texts leaves alone what an operator needs to read', () => {
    const plain = [
      'connect ECONNREFUSED 127.0.0.1:6379',
      'the key set was answered with 503',
      'bearer tokens are not accepted on this route',
      'the token endpoint answered 401 invalid_client',
      'unexpected "aud" claim value',
      'https://id.test:8443/realms/demo/protocol/openid-connect/certs?x=1',
      'SESSION_SECRET_KEY is not set: a random one is used, sessions do not survive a restart',
      'getaddrinfo ENOTFOUND keycloak',
    ]
    for (const text of plain) expect(redactText(text)).to.equal(text)
  })

  it('of texts takes out what could fake or hide a line', () => {
    const hostile = 'a\r\nb\u001b[31mc\u0000d\u0085e\u2028f\u2029g\u202eh\u2066i\u200fj\u061ck\u200bl\ufeffm\u007fn'
    expect(redactText(hostile).replaceAll('\ufffd', '')).to.equal('ab[31mcdefghijklmn')
  })

  it('bounds the length of texts', () => {
    expect(redactText('x'.repeat(1_000_000))).to.have.lengthOf.at.most(2_001)
  })

  describe('of members removes', () => {
    for (const name of SECRET_MEMBERS) {
      it(`${name}, whatever it holds`, () => {
        for (const value of [opaque, [opaque], { deep: opaque }, Buffer.from(opaque), new Map([['a', opaque]])]) {
          expect(written({ [name]: value })).to.equal(`{"${name}":"[redacted]"}`)
          expect(written({ outer: { [name]: value } })).not.to.contain(CANARY)
        }
      })
    }
  })

  it('keeps what is no secret', () => {
    const entry = { status: 401, tokens: 3, errorCode: 'TOKEN_EXPIRED', caches: ['jwks'], ok: true, none: null }
    expect(redact(entry)).to.deep.equal(entry)
    expect(redact({ at: new Date(0), size: 10n, url: new URL('https://id.test/x') })).to.deep.equal({
      at: '1970-01-01T00:00:00.000Z',
      size: '10',
      url: 'https://id.test/x',
    })
    expect(redact(new Map<string, unknown>([['a', new Set([1, 2])]]))).to.deep.equal({ a: [1, 2] })
  })

  describe('never lets a secret out of', () => {
    const own = Object.assign(new Error('x'), { response: { body: opaque }, config: opaque, headers: { a: opaque } })
    const shapes: Record<string, unknown> = {
      'an error message': new Error(`failed: ${jwt}`),
      'an error name': Object.assign(new Error('x'), { name: jwt }),
      'an error code': Object.assign(new Error('x'), { code: jwt, reason: jwt }),
      'members of an error': own,
      'a cause': new Error('outer', { cause: new Error('middle', { cause: new Error(`?code=${opaque}`) }) }),
      'a cause that is no error': new Error('outer', { cause: { access_token: opaque, url: `?state=${opaque}` } }),
      'a cause that is a text': new Error('outer', { cause: `Bearer ${opaque}` }),
      'several errors': new AggregateError([new Error(jwt), new Error(`?code=${opaque}`)], jwt),
      'a stack': Object.assign(new Error('x'), { stack: `Error: ${jwt}\n    at https://h/?code=${opaque}` }),
      'a URL object': new URL(`https://id.test/cb?code=${opaque}`),
      'raw headers': ['Authorization', opaque, 'X-Api-Key', opaque, 'Host', 'a.test'],
      'pairs of headers': Object.entries({ authorization: opaque, cookie: opaque }),
      'a form object': new URLSearchParams({ code: opaque }),
      'a headers object': new Headers({ authorization: opaque }),
      bytes: { body: Buffer.from(jwt), more: new Uint8Array(Buffer.from(opaque)) },
      'names of members': { [jwt]: 1, [`?code=${opaque}`]: 2 },
      'a map': new Map([[`Bearer ${opaque}`, jwt]]),
      'a set': new Set([jwt, `Bearer ${opaque}`]),
      'what hides behind toJSON': { toJSON: () => jwt, token: opaque },
      'a list of lists': [[[[`Bearer ${opaque}`]]]],
    }
    for (const [what, value] of Object.entries(shapes)) {
      it(what, () => {
        expect(leaksIn(written(value)), written(value)).to.deep.equal([])
        expect(leaksIn(written({ error: value, at: [value] }))).to.deep.equal([])
      })
    }
  })

  it('never fails, hangs or grows, whatever it is given', () => {
    const round: Record<string, unknown> = { name: 'round' }
    for (let at = 0; at < 60; at++) round[`self${at}`] = round
    const broken = {
      get boom(): never {
        throw new Error('a getter that throws')
      },
    }
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`member${at}`, 'x'.repeat(100)]))
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('a proxy that throws')
        },
      },
    )
    for (const value of [round, broken, wide, hostile, [round, broken, wide], Object.create(null), () => 1])
      expect(written(value)).to.have.lengthOf.at.most(200_000)
  })

  it('never lets a secret out of any structure there can be', () => {
    const secret = fc.constantFrom(...Object.values(TEXTS))
    const leaf = fc.oneof(secret, fc.string(), fc.integer(), fc.constant(null))
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf,
        secret.map((text) => new Error(text)),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }),
        tie('node').map((inner) => new Error('outer', { cause: inner })),
        tie('node').map((inner) => new Map([['inner', inner]])),
      ),
    })).node
    fc.assert(
      fc.property(tree, (value) => {
        expect(leaksIn(written(value))).to.deep.equal([])
      }),
    )
  })
})
