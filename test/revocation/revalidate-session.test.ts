import { expect } from 'chai'
import { SignJWT } from 'jose'
import { createMemorySessionStore } from '../../src/identity/session/memory-session-store.ts'
import { createLocalRefreshLease } from '../../src/identity/session/refresh-lease.ts'
import { needsRefresh, type StoredSession } from '../../src/identity/session/session.ts'
import { createMemoryCutOffs } from '../../src/revocation/memory-cut-offs.ts'
import { createRevalidateSession, type RevalidateSessionParts } from '../../src/revocation/revalidate-session.ts'
import { open } from '../contracts/store-world.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'

const subject = the.alice().sub

async function accessToken(issuedAt: number): Promise<string> {
  const key = new Uint8Array(32)
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(Math.floor(issuedAt / 1000))
    .sign(key)
}

async function revalidation(changes: Partial<RevalidateSessionParts> = {}) {
  const clock = testClock(1_800_000_000_000)
  const { issuer } = the.record(clock.now())
  const store = createMemorySessionStore({ clock, idleTimeout: 1_800 })
  const cutOffs = createMemoryCutOffs({ issuer, clock, keepMs: 86_400_000 })
  const ended: string[] = []
  const asked: string[] = []
  const passedOn: StoredSession[] = []
  const without = { needed: false, counts: true }
  const revalidate = createRevalidateSession({
    ...{ store, cutOffs, clock, lease: createLocalRefreshLease() },
    withoutEvents: {
      isNeeded: () => without.needed,
      renewAfterMs: 25_000,
      async stillCounts(who) {
        asked.push(who)
        return without.counts
      },
    },
    async endSession(id) {
      ended.push(id)
      await store.destroy(id)
    },
    async refreshSession(session) {
      passedOn.push(session)
      return session
    },
    pause: () => new Promise(() => undefined),
    ...changes,
  })
  const tokens = the.tokens(clock.now(), { accessToken: await accessToken(clock.now()) })
  await open({ store, clock, pass: async () => undefined }, 'one', tokens)
  clock.advance('10s')
  const read = async () => {
    const session = await store.read('one')
    if (session === undefined) throw new Error('the session is gone')
    return session
  }
  return { clock, cutOffs, ended, asked, passedOn, without, revalidate, read, store }
}

describe('A session that is read', () => {
  it('goes its way when nothing has happened', async () => {
    const { revalidate, read, passedOn, ended } = await revalidation()
    expect(await revalidate(await read())).to.deep.equal(await read())
    expect([passedOn.length, ended, (await read()).tokens.mustRenew]).to.deep.equal([1, [], undefined])
  })

  it('ends when it was issued before a cut-off', async () => {
    const { revalidate, read, cutOffs, clock, ended, passedOn } = await revalidation()
    await cutOffs.raise({ kind: 'end', subject, at: clock.now() })
    expect(await revalidate(await read())).to.equal(undefined)
    expect([ended, passedOn]).to.deep.equal([['one'], []])
  })

  it('lives when it was issued after it', async () => {
    const { revalidate, read, cutOffs, clock, ended } = await revalidation()
    await cutOffs.raise({ kind: 'end', subject: null, at: clock.now() - 10_001 })
    await revalidate(await read())
    expect(ended).to.deep.equal([])
  })

  it('must renew tokens that are older than a change, once, however long they live', async () => {
    const { revalidate, read, cutOffs, clock, passedOn } = await revalidation()
    await cutOffs.raise({ kind: 'renew', subject, at: clock.now() })
    await Promise.all([revalidate(await read()), revalidate(await read())])
    expect(passedOn.map(({ tokens }) => needsRefresh(tokens, clock.now()))).to.deep.equal([true, true])
    expect((await read()).tokens).to.include({ mustRenew: true, version: 2 })
    await revalidate(await read())
    expect((await read()).tokens.version).to.equal(2)
  })

  it('keeps tokens that were issued after the change', async () => {
    const { revalidate, read, cutOffs, clock } = await revalidation()
    await cutOffs.raise({ kind: 'renew', subject, at: clock.now() - 10_001 })
    await revalidate(await read())
    expect((await read()).tokens.version).to.equal(1)
  })

  it('waits for no renewal that hangs elsewhere while its token lives', async () => {
    const { revalidate, read, cutOffs, clock, passedOn } = await revalidation({
      lease: { run: () => new Promise(() => undefined) },
      pause: async () => undefined,
    })
    await cutOffs.raise({ kind: 'renew', subject, at: clock.now() })
    expect(await revalidate(await read())).to.deep.equal(await read())
    expect(passedOn).to.have.length(1)
  })

  it('cannot be renewed without a refresh token and lives as long as its access token', async () => {
    const { revalidate, read, cutOffs, clock, passedOn } = await revalidation()
    await cutOffs.raise({ kind: 'renew', subject, at: clock.now() })
    const session = await read()
    await revalidate({ ...session, tokens: { ...session.tokens, refreshToken: null } })
    expect(passedOn[0]?.tokens.mustRenew).to.equal(undefined)
  })
})

describe('A session that is read while nobody tells of changes', () => {
  it('is renewed once in an interval, and its person asked for', async () => {
    const { revalidate, read, clock, without, asked } = await revalidation()
    without.needed = true
    await revalidate(await read())
    expect([(await read()).tokens.mustRenew, asked]).to.deep.equal([undefined, []])
    clock.advance('15s')
    await revalidate(await read())
    await revalidate(await read())
    expect([(await read()).tokens.mustRenew, asked]).to.deep.equal([true, [subject]])
  })

  it('ends when its person may not go on', async () => {
    const { revalidate, read, clock, without, ended } = await revalidation()
    Object.assign(without, { needed: true, counts: false })
    clock.advance('15s')
    expect(await revalidate(await read())).to.equal(undefined)
    expect(ended).to.deep.equal(['one'])
  })
})
