import { expect } from 'chai'
import fc from 'fast-check'
import { auditEntry } from '../../../src/platform/audit/audit-entry.ts'
import type { AuditTargetKind } from '../../../src/platform/audit/audit-event.ts'
import { canonicalJson } from '../../../src/platform/audit/canonical-json.ts'
import { event } from '../../contracts/audit-world.ts'
import { CANARY, leaksIn, opaque, SECRET_MEMBERS, TEXTS } from '../observability/canaries.ts'

const KINDS: AuditTargetKind[] = [
  'user',
  'session',
  'role',
  'scope',
  'group',
  'client',
  'token',
  'caches',
  'settings',
  'audit',
]

describe('What the audit trail keeps of an event', () => {
  const kept = (kind: AuditTargetKind, before: unknown) =>
    JSON.parse(auditEntry(event({ target: { kind, id: 'x' }, before }), 1).before ?? 'null') as Record<string, unknown>

  it('is no secret, whatever it is called and wherever it stands', () => {
    for (const kind of KINDS)
      for (const name of SECRET_MEMBERS) {
        const user = {
          [name]: opaque,
          attributes: { [name]: [opaque], note: { [name]: opaque } },
          roles: [{ [name]: opaque }],
        }
        expect(leaksIn(JSON.stringify(kept(kind, user))), `${kind} ${name}`).to.deep.equal([])
      }
  })

  it('is no text that looks like a secret', () => {
    for (const [what, text] of Object.entries(TEXTS)) {
      const one = event({
        actor: { kind: 'user', id: text, username: text, client: text },
        target: { kind: 'user', id: text },
        before: { username: text, attributes: { a: [text] }, [text]: text },
        after: { email: text, groups: [text] },
        address: text,
        correlationId: text,
      })
      expect(leaksIn(JSON.stringify(auditEntry(one, 1))), what).to.deep.equal([])
    }
  })

  it('are the members that are allowed; others are only named', () => {
    expect(
      kept('user', { username: 'alice', enabled: false, credentials: [{ value: opaque }], shoeSize: 39 }),
    ).to.deep.equal({
      username: 'alice',
      enabled: false,
      notRecorded: ['credentials', 'shoeSize'],
    })
    expect(kept('caches', ['jwks'])).to.deep.equal({ notRecorded: ['object'] })
    expect(kept('caches', CANARY)).to.deep.equal({ notRecorded: ['string'] })
  })

  it('is bounded, however much comes', () => {
    const attributes = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`a${i}`, 'x'.repeat(9_000)]))
    const entry = auditEntry(event({ before: { attributes }, correlationId: 'x'.repeat(9_000) }), 1)
    expect(entry.before?.length).to.be.lessThan(16_385)
    expect(entry.correlation_id).to.have.length(255)
  })

  it('is well-formed for every database, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.object(), (text, after) => {
        const actor = { kind: 'user', id: text, username: text, client: text } as const
        const entry = auditEntry(event({ actor, after: { ...after, username: text, attributes: after } }), 1)
        const all = JSON.stringify(entry)
        expect(all.isWellFormed()).to.equal(true)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what PostgreSQL refuses
        for (const value of Object.values(entry)) expect(String(value)).not.to.match(/\u0000/)
      }),
    )
  })
})

describe('Canonical JSON (RFC 8785)', () => {
  it('has one text for equal values', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'é"\\\n' }], a: 1e21, '\u20ac': -0, '\ud83d\ude00': true })).to.equal(
      '{"a":1e+21,"b":[1,{"c":"é\\"\\\\\\n","d":null}],"€":0,"😀":true}',
    )
  })

  it('says the same of a value that went through JSON, in any order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
          item !== null && typeof item === 'object' && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).reverse())
            : item,
        ) as unknown
        expect(canonicalJson(shuffled)).to.equal(canonicalJson(value))
      }),
    )
  })

  it('refuses what has no form', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('x'), 1n])
      expect(() => canonicalJson({ value })).to.throw(TypeError)
  })
})
