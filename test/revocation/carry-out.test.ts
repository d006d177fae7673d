import { expect } from 'chai'
import { createMemorySessionStore } from '../../src/identity/session/memory-session-store.ts'
import { createCarryOut } from '../../src/revocation/carry-out.ts'
import { createMemoryCutOffs } from '../../src/revocation/memory-cut-offs.ts'
import type { Verdict } from '../../src/revocation/verdict.ts'
import { open } from '../contracts/store-world.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { fakeKeycloakEvents } from './fake-keycloak-events.ts'

const NEVER = Number.NEGATIVE_INFINITY
const subject = the.alice().sub

async function carryOutWith() {
  const clock = testClock()
  const { issuer } = the.record(clock.now())
  const store = createMemorySessionStore({ clock, idleTimeout: 1_800 })
  const cutOffs = createMemoryCutOffs({ issuer, clock, keepMs: 86_400_000 })
  const events = fakeKeycloakEvents(clock.now)
  events.people.set(subject, { enabled: true, notBefore: 0, passwordSetAt: clock.now() - 1_000_000 })
  const marked: string[] = []
  const revoked: string[] = []
  const ended: [id: string, why: string][] = []
  const carryOut = createCarryOut({
    ...{ cutOffs, store, events, issuer, clock },
    async endSession(id, why) {
      await store.destroy(id)
      ended.push([id, why])
    },
    markEnded: async (providerSessionId) => void marked.push(providerSessionId),
    revoke: async (token) => void revoked.push(token),
  })
  const world = { store, clock, pass: async () => undefined }
  await open(world, 'first')
  clock.advance('10s')
  const at = clock.now()
  clock.advance('10s')
  await open(world, 'after')
  clock.advance('10s')
  return { carryOut, cutOffs, events, marked, revoked, ended, at, clock }
}

describe('A verdict', () => {
  it('on a person ends the sessions of before, and cuts off what else was issued', async () => {
    const { carryOut, cutOffs, ended, revoked, at } = await carryOutWith()
    await carryOut({ do: 'end-person', subject, why: 'deleted', at })
    expect(ended).to.deep.equal([['first', 'deleted']])
    expect([cutOffs.endedUntil(subject), cutOffs.endedUntil('bob')]).to.deep.equal([at, NEVER])
    expect(revoked).to.deep.equal([])
  })

  it('on a new password takes the refresh token back too, for Keycloak would go on accepting it', async () => {
    const { carryOut, cutOffs, ended, revoked, at, clock } = await carryOutWith()
    await carryOut({ do: 'end-person', subject, why: 'password-reset', at })
    expect(cutOffs.renewUntil(subject)).to.equal(clock.now())
    expect([ended, revoked]).to.deep.equal([[['first', 'password-reset']], ['canary-refresh-token']])
  })

  it('on a provider session ends that one, and the login in flight', async () => {
    const { carryOut, ended, marked, at } = await carryOutWith()
    await carryOut({ do: 'end-session', providerSessionId: 'another', at })
    expect(ended).to.deep.equal([])
    await carryOut({ do: 'end-session', providerSessionId: 'sso-of-alice', at })
    expect([ended, marked]).to.deep.equal([[['first', 'signed-out']], ['another', 'sso-of-alice']])
  })

  it('on everyone cuts everyone off', async () => {
    const { carryOut, cutOffs, at } = await carryOutWith()
    await carryOut({ do: 'end-everyone', at })
    expect(cutOffs.endedUntil('anybody')).to.equal(at)
  })

  it('to renew ends nothing', async () => {
    const { carryOut, cutOffs, ended, at } = await carryOutWith()
    await carryOut({ do: 'renew-person', subject, at })
    expect([cutOffs.renewUntil(subject), cutOffs.renewUntil('bob')]).to.deep.equal([at, NEVER])
    await carryOut({ do: 'renew-everyone', at: at + 1 })
    expect([cutOffs.renewUntil('bob'), cutOffs.endedUntil('bob')]).to.deep.equal([at + 1, NEVER])
    expect(ended).to.deep.equal([])
  })

  it('to look at the realm takes over its not-before, which spares its own second', async () => {
    const { carryOut, cutOffs, events, at } = await carryOutWith()
    await carryOut({ do: 'look-at-realm', at })
    expect([cutOffs.endedUntil('bob'), cutOffs.renewUntil('bob')]).to.deep.equal([NEVER, at])
    events.notBefore = at
    await carryOut({ do: 'look-at-realm', at })
    expect(cutOffs.endedUntil('bob')).to.equal(at - 1)
  })
})

describe('Looking at a person who was changed', () => {
  const look = (at: number): Verdict => ({ do: 'look-at-person', subject, since: at, at })

  it('leads to a renewal when nothing serious is found', async () => {
    const { carryOut, cutOffs, ended, at } = await carryOutWith()
    await carryOut(look(at))
    expect([cutOffs.renewUntil(subject), cutOffs.endedUntil(subject), ended]).to.deep.equal([at, NEVER, []])
  })

  it('ends everything of before when the person is disabled or gone', async () => {
    for (const standing of [undefined, { enabled: false, notBefore: 0, passwordSetAt: null }]) {
      const { carryOut, cutOffs, events, ended, at } = await carryOutWith()
      if (standing === undefined) events.people.delete(subject)
      else events.people.set(subject, standing)
      await carryOut(look(at))
      expect([cutOffs.endedUntil(subject), ended.length]).to.deep.equal([at, 1])
    }
  })

  it('obeys a not-before', async () => {
    const { carryOut, cutOffs, events, at } = await carryOutWith()
    events.people.set(subject, { enabled: true, notBefore: at, passwordSetAt: null })
    await carryOut(look(at))
    expect(cutOffs.endedUntil(subject)).to.equal(at - 1)
  })

  it('notices a password that was set with the change, not one that was set long ago', async () => {
    const { carryOut, events, ended, at } = await carryOutWith()
    events.people.set(subject, { enabled: true, notBefore: 0, passwordSetAt: at - 60_000 })
    await carryOut(look(at))
    expect(ended).to.deep.equal([])
    events.people.set(subject, { enabled: true, notBefore: 0, passwordSetAt: at - 3 })
    await carryOut(look(at))
    expect(ended).to.deep.equal([['first', 'password-reset']])
  })
})
