import { expect } from 'chai'
import { type AuditFilter, createReadAudit } from '../../src/platform/audit/read-audit.ts'
import { type AuditWorld, event, type OpenAuditWorld } from './audit-world.ts'

const HOSTILE = [
  "' or '1'='1",
  "'; drop table audit_event; --",
  "alice' union select * from audit_chain --",
  '") or 1=1 --',
  '%',
  '_lice',
  '\\',
  '$1',
  ':actor',
  '?',
  'alice\u0000',
  '\ud800',
]

/** What every database of the audit trail promises about writing and reading. */
export function auditContract(open: OpenAuditWorld): void {
  let world: AuditWorld
  beforeEach(async () => {
    world = await open()
  })
  afterEach(() => world.close())

  const all = (filter: AuditFilter = {}) => createReadAudit(world.database)(filter, 200)

  it('keeps what happened, with who, what, to whom, from where and before and after', async () => {
    const audit = world.instance()
    await audit.record(
      event({
        action: 'user.update',
        before: { email: 'old@wonderland.example', enabled: true },
        after: { email: 'new@wonderland.example', enabled: false },
      }),
    )
    const [row] = (await all({ action: 'user.update' })).rows
    expect(row).to.deep.include({
      at: world.clock.now(),
      actor_kind: 'user',
      actor_username: 'alice',
      actor_client: 'cloakroom',
      target_kind: 'user',
      outcome: 'ok',
      before: '{"email":"old@wonderland.example","enabled":true}',
      after: '{"email":"new@wonderland.example","enabled":false}',
      address: '192.0.2.7',
      correlation_id: 'request-1',
      seq: 2,
    })
  })

  it('keeps texts of any script exactly, so that their hash fits', async () => {
    const audit = world.instance()
    for (const username of ['Ünïcødé', '王小明', '🦝🧥', 'e\u0301', 'a"b\\c', '\ud800 alone', 'x'.repeat(5_000)])
      await audit.record(event({ actor: { kind: 'user', id: 'u', username, client: null }, after: { username } }))
    expect((await world.verify()).findings).to.deep.equal([])
  })

  it('writes what is noted in the background, in order', async () => {
    const audit = world.instance()
    for (let i = 0; i < 450; i++) audit.note(event({ correlationId: `request-${i}` }))
    await audit.close()
    const first = await all({ action: 'session.login' })
    expect(first.rows.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 200 }, (_, i) => 451 - i))
    expect((await world.verify()).rows).to.equal(451)
  })

  it('lets instances write at once, each in a chain of its own', async () => {
    const instances = [1, 2, 3].map(() => world.instance())
    await Promise.all(
      instances.flatMap((audit, at) =>
        Array.from({ length: 200 }, (_, i) => audit.record(event({ correlationId: `${at}-${i}` }))),
      ),
    )
    const { rows, findings, heads } = await world.verify()
    expect(findings).to.deep.equal([])
    expect(rows).to.equal(603)
    expect(heads.map(({ seq }) => seq)).to.deep.equal([201, 201, 201])
  }).timeout(30_000)

  it('filters by each member', async () => {
    const audit = world.instance()
    await audit.record(event())
    world.clock.advance('1h')
    const bob = { kind: 'service', id: 'b0b', username: 'bob', client: 'orders' } as const
    await audit.record(
      event({
        action: 'cache.clear',
        outcome: 'failed',
        actor: bob,
        target: { kind: 'caches', id: 'all' },
        correlationId: 'r2',
      }),
    )
    const now = world.clock.now()
    const ofBob: AuditFilter[] = [
      { actor: 'b0b' },
      { actor: 'bob' },
      { action: 'cache.clear' },
      { outcome: 'failed' },
      { target: 'all' },
      { correlationId: 'r2' },
      { from: now },
      { from: now, to: now + 1, actor: 'bob', action: 'cache.clear' },
    ]
    for (const filter of ofBob)
      expect(
        (await all(filter)).rows.map((row) => row.actor_id),
        JSON.stringify(filter),
      ).to.deep.equal(['b0b'])
    expect((await all({ actor: 'bob', action: 'session.login' })).rows).to.deep.equal([])
    expect((await all({ to: now })).rows.map(({ action }) => action)).to.deep.equal(['session.login', 'audit.opened'])
  })

  it('takes filters for what they are: texts', async () => {
    const audit = world.instance()
    await audit.record(event())
    for (const text of HOSTILE) {
      const filter = { actor: text, target: text, correlationId: text, action: text, outcome: text }
      for (const [name, value] of Object.entries(filter)) {
        const answer = await all({ [name]: value }).catch((error: Error) => error)
        // PostgreSQL has no NUL and refuses it; everything else is simply not found.
        if (text.includes('\u0000') && answer instanceof Error) continue
        expect(answer, `${name} ${text}`).to.deep.equal({ rows: [], next: undefined })
      }
    }
    expect((await world.verify()).rows).to.equal(2)
  })

  it('pages from the newest on; what is written meanwhile neither repeats nor hides a row', async () => {
    const audit = world.instance()
    for (let i = 0; i < 25; i++) await audit.record(event({ correlationId: `${i}` }))
    const seen: (string | null)[] = []
    for (let next: Awaited<ReturnType<typeof audit.read>>['next']; ; ) {
      const page = await audit.read({ action: 'session.login' }, 10, next)
      seen.push(...page.rows.map((row) => row.correlation_id))
      await audit.record(event({ correlationId: 'late' }))
      world.clock.advance('1s')
      next = page.next
      if (next === undefined) break
    }
    expect(seen).to.deep.equal(Array.from({ length: 25 }, (_, i) => `${24 - i}`))
  })

  it('stores the intent before a change and its outcome after', async () => {
    const audit = world.instance()
    const change = { ...event({ action: 'user.create' }), after: { username: 'carol' } }
    const answer = await audit.change(
      change,
      async () => {
        expect((await all({ action: 'user.create' })).rows.map(({ outcome }) => outcome)).to.deep.equal(['intended'])
        return { id: 'c4r01' }
      },
      ({ id }) => ({ target: { kind: 'user', id }, after: { id } }),
    )
    expect(answer).to.deep.equal({ id: 'c4r01' })
    const refused = Object.assign(new Error('taken'), { code: 'USER_EXISTS' })
    const thrown = await audit.change(change, () => Promise.reject(refused)).catch((error: unknown) => error)
    expect(thrown).to.equal(refused)
    await audit.close()
    const rows = (await all({ action: 'user.create' })).rows.map(({ outcome, after }) => [outcome, after])
    expect(rows).to.deep.equal([
      ['failed', '{"error":"USER_EXISTS"}'],
      ['intended', '{"username":"carol"}'],
      ['ok', '{"id":"c4r01"}'],
      ['intended', '{"username":"carol"}'],
    ])
  })
}
