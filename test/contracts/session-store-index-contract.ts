import { expect } from 'chai'
import { publicSessionId } from '../../src/identity/session/public-session-id.ts'
import type { SessionRecord } from '../../src/identity/session/session.ts'
import type { SessionOwner, SessionStore } from '../../src/identity/session/session-store.ts'
import { the } from '../support/the.ts'
import { ABSOLUTE_MS, IDLE_MS, SLACK_MS, type StoreWorld, save } from './store-world.ts'

const ISSUER = the.record(0).issuer
const ALL = { first: 0, max: 100 }
const alice: SessionOwner = { issuer: ISSUER, subject: the.caller().id }

/** Which sessions there are: of a person, of a session of the provider, of a tenant. */
export function indexContract(world: () => StoreWorld): void {
  describe('the index', () => {
    let store: SessionStore
    let now: number
    beforeEach(() => {
      store = world().store
      now = world().clock.now()
    })
    async function open(id: string, changes: Partial<SessionRecord> = {}) {
      const record = the.record(world().clock.now(), changes)
      await store.addTokens(id, the.tokens(now))
      await save(store, id, { record })
      await store.index(id, record)
      return record
    }
    const idsOf = async (owner: SessionOwner, page = ALL) =>
      (await store.list(owner, page)).sessions.map(({ id }) => id)
    const bob = { ...the.caller(), id: 'bob' }

    it('lists sessions by person, provider session and tenant, the latest sign-in first', async () => {
      await open('a', { issuedAt: now - 2_000, tenant: 'acme' })
      await open('b', { issuedAt: now - 1_000, providerSessionId: 'other', tenant: 'acme' })
      await open('c', { issuedAt: now, caller: bob, tenant: 'globex' })
      await open('d', { issuedAt: now, issuer: 'https://elsewhere.test', tenant: 'acme' })
      expect(await idsOf(alice)).to.deep.equal(['b', 'a'])
      expect(await idsOf({ issuer: ISSUER, subject: 'bob' })).to.deep.equal(['c'])
      expect(await idsOf({ issuer: ISSUER, providerSessionId: 'sso-of-alice' })).to.deep.equal(['c', 'a'])
      expect(await idsOf({ issuer: ISSUER, tenant: 'acme' })).to.deep.equal(['b', 'a'])
      expect(await idsOf({ issuer: 'https://elsewhere.test', tenant: 'acme' })).to.deep.equal(['d'])
    })

    it('finds the same ids, and none of a later sign-in than asked for', async () => {
      await open('a', { issuedAt: now - 2_000, tenant: 'acme' })
      await open('b', { issuedAt: now - 1_000, tenant: 'acme' })
      for (const owner of [alice, { issuer: ISSUER, tenant: 'acme' }]) {
        expect(await store.find(owner, Number.POSITIVE_INFINITY)).to.have.members(['a', 'b'])
        expect(await store.find(owner, now - 1_500)).to.deep.equal(['a'])
      }
    })

    it('gives the record and when the session ends', async () => {
      const record = await open('a', { device: 'Firefox 140 on Linux', address: '192.0.2.7' })
      const [session] = (await store.list(alice, ALL)).sessions
      expect(session).to.deep.include({ id: 'a', record, lastSeenAt: now })
      expect(session?.idleExpiresAt).to.be.within(now + IDLE_MS - SLACK_MS, now + IDLE_MS)
    })

    it('knows when a session was last seen, also near its absolute end', async () => {
      const record = await open('a')
      for (let passed = 0; passed < ABSOLUTE_MS - IDLE_MS / 2; passed += IDLE_MS / 2) {
        await world().pass(IDLE_MS / 2)
        await store.touch('a', record)
      }
      const seenAt = world().clock.now()
      await world().pass(60_000)
      expect((await store.list(alice, ALL)).sessions[0]?.lastSeenAt).to.equal(seenAt)
    })

    it('lists by pages and counts all', async () => {
      for (let i = 0; i < 7; i++) await open(`s${i}`, { issuedAt: now + i })
      expect(await store.list(alice, { first: 0, max: 3 })).to.have.property('total', 7)
      expect(await idsOf(alice, { first: 0, max: 3 })).to.deep.equal(['s6', 's5', 's4'])
      expect(await idsOf(alice, { first: 6, max: 3 })).to.deep.equal(['s0'])
      expect(await idsOf(alice, { first: 7, max: 3 })).to.deep.equal([])
    })

    it('shows no session that has ended or slept too long, and does not count it', async () => {
      const kept = await open('kept')
      await open('ended')
      await store.destroy('ended')
      await world().pass(IDLE_MS - 60_000)
      await store.touch('kept', kept)
      await open('new')
      await store.destroy('new')
      await world().pass(120_000)
      expect(await store.list(alice, ALL)).to.have.property('total', 1)
      expect(await idsOf(alice)).to.deep.equal(['kept'])
    })

    it('shows no session that lacks its record or its tokens', async () => {
      await store.addTokens('tokens', the.tokens(now))
      await save(store, 'record', { record: the.record(now) })
      await store.index('record', the.record(now))
      expect(await idsOf(alice)).to.deep.equal([])
    })

    it('knows a session by its public name until it ends', async () => {
      await open('a')
      expect(await store.findPublic(publicSessionId('a'))).to.equal('a')
      for (const name of ['a', '', '__proto__', publicSessionId('b')])
        expect(await store.findPublic(name)).to.equal(undefined)
      await store.destroy('a')
      expect(await store.findPublic(publicSessionId('a'))).to.equal(undefined)
    })

    it('knows sessions from before devices and addresses were kept', async () => {
      const record = await open('a')
      expect(record).not.to.have.any.keys('device', 'address')
      expect(await idsOf(alice)).to.deep.equal(['a'])
      expect((await store.read('a'))?.record).to.deep.equal(record)
    })

    for (const name of ['nobody', '', '__proto__', 'constructor', '*', 'x'.repeat(1_000), 'ä\u0000\r\n']) {
      it(`knows nobody called ${JSON.stringify(name.slice(0, 20))}`, async () => {
        await open('a', { tenant: 'acme' })
        const owners = [{ subject: name }, { providerSessionId: name }, { tenant: name }]
        for (const owner of owners) {
          expect(await store.list({ issuer: ISSUER, ...owner }, ALL)).to.deep.equal({ sessions: [], total: 0 })
          expect(await store.find({ issuer: ISSUER, ...owner }, Number.POSITIVE_INFINITY)).to.deep.equal([])
        }
      })
    }
  })
}
