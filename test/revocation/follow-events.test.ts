import { expect } from 'chai'
import { GatewayError, unavailable } from '../../src/platform/errors/gateway-error.ts'
import type { CutOff } from '../../src/revocation/cut-offs.ts'
import { createFollowEvents } from '../../src/revocation/follow-events.ts'
import type { Outdated } from '../../src/revocation/outdated.ts'
import { createMemoryProgress } from '../../src/revocation/progress.ts'
import type { Verdict } from '../../src/revocation/verdict.ts'
import { testClock } from '../support/test-clock.ts'
import { fakeKeycloakEvents } from './fake-keycloak-events.ts'

/** Keycloak's clock is two minutes behind the gateway's. */
const SKEW = 120_000

function follow() {
  const clock = testClock()
  const events = fakeKeycloakEvents(() => clock.now() - SKEW)
  const progress = createMemoryProgress()
  const verdicts: Verdict[] = []
  const raised: CutOff[] = []
  const forgotten: { people: string[]; groups: boolean; roles: boolean; clients: boolean }[] = []
  const forget = async ({ people, ...more }: Outdated) => void forgotten.push({ people: [...people], ...more })
  const carryOut = async (verdict: Verdict) => void verdicts.push(verdict)
  const cutOffs = { raise: async (cutOff: CutOff) => raised.push(cutOff) > 0 }
  const make = (changes: { carryOut?: typeof carryOut } = {}) =>
    createFollowEvents({
      ...{ events, progress, cutOffs, carryOut, forget, clock },
      absoluteTimeout: 28_800,
      ...changes,
    })
  return { clock, events, progress, verdicts, raised, forgotten, make, poll: make() }
}

describe('Following the events of the realm', () => {
  it('acts on what has happened since the last time, once', async () => {
    const { events, verdicts, poll, clock } = follow()
    events.happens('DELETE', 'users/alice')
    expect(await poll()).to.equal('ok')
    expect(verdicts).to.deep.equal([{ do: 'end-person', subject: 'alice', why: 'deleted', at: clock.now() - SKEW }])
    await poll()
    clock.advance('10s')
    events.happens('DELETE', 'users/bob')
    await poll()
    expect(verdicts.map((verdict) => 'subject' in verdict && verdict.subject)).to.deep.equal(['alice', 'bob'])
  })

  it('makes every instance forget what was changed, once, before anything else is done about it', async () => {
    const { events, forgotten, verdicts, make, clock } = follow()
    const carryOut = async (verdict: Verdict) => void verdicts.push({ ...verdict, at: forgotten.length })
    const poll = make({ carryOut })
    events.happens('UPDATE', 'users/alice')
    events.happens('CREATE', 'users/bob/role-mappings/realm')
    await poll()
    expect(forgotten).to.deep.equal([{ people: ['alice', 'bob'], groups: false, roles: false, clients: false }])
    expect(verdicts.map(({ at }) => at)).to.deep.equal([1, 1])
    await poll()
    expect(forgotten).to.have.length(1)
    const time = clock.now() - SKEW
    const profile = { time, sessionId: undefined }
    events.user.push({ id: 'p1', type: 'UPDATE_PROFILE', userId: 'carol', ...profile })
    events.user.push({ id: 'p2', type: 'LOGIN', userId: 'dinah', ...profile })
    await poll()
    expect(forgotten.slice(1)).to.deep.equal([{ people: ['carol'], groups: false, roles: false, clients: false }])
  })

  it('takes in what became visible late, whatever the clocks say', async () => {
    const { events, verdicts, poll, clock } = follow()
    events.happens('DELETE', 'users/alice')
    await poll()
    events.happens('DELETE', 'users/bob', clock.now() - SKEW - 20_000)
    await poll()
    expect(verdicts).to.have.length(2)
  })

  it('reads back as far as a session can live when it knows nothing', async () => {
    const { events, verdicts, poll, clock } = follow()
    events.happens('DELETE', 'users/alice', clock.now() - SKEW - 28_000_000)
    events.happens('DELETE', 'users/bob', clock.now() - SKEW - 30_000_000)
    await poll()
    expect(verdicts).to.have.length(1)
  })

  it('reads page by page until there is no more', async () => {
    const { events, verdicts, poll } = follow()
    for (let i = 0; i < 250; i++) events.happens('DELETE', `users/person-${i}`)
    await poll()
    expect(verdicts).to.have.length(250)
    expect(events.pages.map(({ first }) => first)).to.deep.equal([0, 100, 200, 0])
  })

  it('whoever takes over misses nothing: a page counts when all of it is done', async () => {
    const { events, verdicts, make } = follow()
    for (let i = 0; i < 150; i++) events.happens('DELETE', `users/person-${i}`)
    let left = 120
    const dying = make({
      async carryOut(verdict) {
        if (left-- === 0) throw new Error('the process dies here')
        verdicts.push(verdict)
      },
    })
    await dying().catch(() => undefined)
    await make()()
    const people = new Set(verdicts.map((verdict) => 'subject' in verdict && verdict.subject))
    expect(people.size).to.equal(150)
  })

  it('catches up after an outage', async () => {
    const { events, verdicts, poll, clock } = follow()
    await poll()
    events.failure = unavailable('KEYCLOAK_UNAVAILABLE', 'away')
    clock.advance('30m')
    expect(await poll().catch((error: GatewayError) => error.code)).to.equal('KEYCLOAK_UNAVAILABLE')
    events.happens('DELETE', 'users/alice', clock.now() - SKEW - 600_000)
    events.failure = undefined
    await poll()
    expect(verdicts).to.have.length(1)
  })

  it('has everybody renewed, by the clock of Keycloak, after a time without records', async () => {
    const { events, raised, progress, poll, clock } = follow()
    await poll()
    expect(raised).to.deep.equal([{ kind: 'renew', subject: null, at: clock.now() - SKEW }])
    await poll()
    expect(raised).to.have.length(1)
    events.kept = false
    expect(await poll()).to.equal('uncovered')
    expect(await progress.read()).to.include({ covered: false })
    events.kept = true
    await poll()
    expect(raised).to.have.length(2)
    expect(await progress.read()).to.include({ covered: true, polledAt: clock.now() })
  })

  it('knows the difference between a Keycloak that refuses and one that is away', async () => {
    const { events, progress, poll } = follow()
    await poll()
    events.failure = new GatewayError('KEYCLOAK_REFUSED', { reason: '403' })
    expect(await poll()).to.equal('refused')
    expect(await progress.read()).to.include({ covered: false })
  })
})
