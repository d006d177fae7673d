import { mock } from 'node:test'
import { expect } from 'chai'
import { DependencyFailure } from '../../../src/platform/http/dependency-failure.ts'
import { createResilience, type GuardOptions } from '../../../src/platform/http/resilience.ts'
import { testClock } from '../../support/test-clock.ts'

const down = () => Promise.reject(new DependencyFailure('network', 'keycloak cannot be reached'))
const ok = async () => 'ok'
const never = () => new Promise<string>(() => undefined)

function start(options: Partial<GuardOptions> = {}) {
  const states: string[] = []
  const fresh: string[] = []
  const outcomes: string[] = []
  const clock = testClock(Date.UTC(2030, 0, 1))
  const makeGuard = createResilience({
    clock,
    onNew: (target) => void fresh.push(target),
    onState: (target, state) => void states.push(`${target} ${state}`),
    outboundTimer: (target) => (outcome, seconds) => {
      expect(seconds).to.be.at.least(0)
      outcomes.push(`${target} ${outcome}`)
    },
  })
  const guard = makeGuard({ target: 'keycloak', timeoutMs: 1_000, ...options })
  const outcome = (call: (signal: AbortSignal) => Promise<unknown>) =>
    guard.execute(call).then(
      () => 'ok',
      (error: unknown) => (error instanceof DependencyFailure ? error.kind : String(error)),
    )
  const fail = async (times: number) => {
    for (let at = 0; at < times; at++) await outcome(down)
  }
  return { guard, outcome, fail, states, fresh, outcomes, makeGuard, clock }
}

describe('A guard around a dependency', () => {
  afterEach(() => mock.timers.reset())

  it('is told of as soon as it is made, so that its figure is there before anything happens', () => {
    const { fresh, makeGuard } = start()
    makeGuard({ target: 'redis', timeoutMs: 1_000 })
    expect(fresh).to.deep.equal(['keycloak', 'redis'])
  })

  it('hands on what comes back, and what is thrown, as it is', async () => {
    const { guard, outcomes } = start()
    expect(await guard.execute(ok)).to.equal('ok')
    const mine = new Error('404')
    expect(await guard.execute(() => Promise.reject(mine)).catch((error: unknown) => error)).to.equal(mine)
    expect(outcomes).to.deep.equal(['keycloak ok', 'keycloak refused'])
  })

  it('opens after five failures in a row, and then asks nobody', async () => {
    const { guard, outcome, fail, states, clock, makeGuard } = start()
    await fail(4)
    expect(guard.state().state).to.equal('closed')
    clock.advance('5s')
    await fail(1)
    const { nextAttemptAt, ...rest } = guard.state()
    expect(rest).to.deep.equal({ state: 'open', failures: 5, lastFailureAt: '2030-01-01T00:00:05.000Z' })
    expect(makeGuard.states()).to.deep.equal({ keycloak: guard.state() })
    expect(Date.parse(nextAttemptAt ?? '') - clock.now()).to.be.within(1, 5_000)
    expect(states).to.deep.equal(['keycloak open'])
    let asked = false
    const ask = async () => {
      asked = true
    }
    expect(await outcome(ask)).to.equal('breaker-open')
    expect(asked).to.equal(false)
  })

  it('starts counting anew after a success', async () => {
    const { guard, outcome, fail } = start()
    for (let round = 0; round < 3; round++) {
      await fail(4)
      await outcome(ok)
    }
    expect(guard.state().state).to.equal('closed')
  })

  it('does not count refusals: a 4xx is an answer, an abort is ours', async () => {
    const { guard, outcome } = start()
    for (let at = 0; at < 50; at++) {
      await outcome(() => Promise.reject(new Error('the admin API answered 404')))
      await outcome(() => Promise.reject(new DOMException('the client went away', 'AbortError')))
    }
    expect(guard.state()).to.deep.equal({ state: 'closed', failures: 0, lastFailureAt: null, nextAttemptAt: null })
  })

  it('counts silence, and tells the call to stop', async () => {
    const { guard, outcome } = start({ timeoutMs: 10 })
    const stopped: boolean[] = []
    const hang = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => stopped.push(true))
      return never()
    }
    for (let at = 0; at < 5; at++) expect(await outcome(hang)).to.equal('timeout')
    expect(guard.state().state).to.equal('open')
    expect(stopped).to.have.length(5)
  })

  it('lets one call try after a while, and closes when it is answered', async () => {
    mock.timers.enable({ apis: ['Date'] })
    const { guard, outcome, fail, states } = start()
    await fail(5)
    expect(await outcome(ok)).to.equal('breaker-open')
    mock.timers.tick(6_000)
    expect(await outcome(ok)).to.equal('ok')
    expect(guard.state().state).to.equal('closed')
    expect(states).to.deep.equal(['keycloak open', 'keycloak half-open', 'keycloak closed'])
  })

  it('opens again when the try fails, and tries again within five seconds', async () => {
    mock.timers.enable({ apis: ['Date'] })
    const { guard, outcome, fail } = start()
    await fail(5)
    for (let at = 0; at < 10; at++) {
      mock.timers.tick(5_001)
      expect(await outcome(down)).to.equal('network')
      expect(guard.state().state).to.equal('open')
    }
    mock.timers.tick(5_001)
    expect(await outcome(ok)).to.equal('ok')
  })

  it('tries again as often as it was told to, for failures only', async () => {
    const { outcome } = start({ retries: 2 })
    let calls = 0
    const flaky = () => (++calls < 3 ? down() : ok())
    expect(await outcome(flaky)).to.equal('ok')
    expect(calls).to.equal(3)
    calls = 0
    const refused = () => {
      calls++
      return Promise.reject(new Error('403'))
    }
    await outcome(refused)
    expect(calls).to.equal(1)
  })

  it('never tries again on its own account', async () => {
    const { outcome } = start()
    let calls = 0
    await outcome(() => {
      calls++
      return down()
    })
    expect(calls).to.equal(1)
  })

  it('holds a bounded number of calls at once, and refuses the rest without counting them', async () => {
    const { guard, outcome, outcomes } = start({ concurrency: 2, queue: 1 })
    const gate = Promise.withResolvers<void>()
    let running = 0
    const wait = async () => {
      running++
      await gate.promise
    }
    const calls = [outcome(wait), outcome(wait), outcome(wait)]
    expect(await outcome(wait)).to.equal('overloaded')
    expect(running).to.equal(2)
    gate.resolve()
    expect(await Promise.all(calls)).to.deep.equal(['ok', 'ok', 'ok'])
    expect(guard.state().failures).to.equal(0)
    expect(outcomes).to.include('keycloak overloaded')
  })

  it('is one of many: another target goes on working', async () => {
    const { fail, guard, makeGuard } = start()
    await fail(5)
    const other = makeGuard({ target: 'orders', timeoutMs: 1_000 })
    expect(guard.state().state).to.equal('open')
    expect(await other.execute(ok)).to.equal('ok')
  })

  it('measures every call under an outcome from a short list', async () => {
    const { outcome, outcomes, fail } = start({ timeoutMs: 10 })
    await outcome(ok)
    await outcome(never)
    await outcome(() => Promise.reject(new Error(`anything ${Math.random()}`)))
    await fail(6)
    expect(new Set(outcomes)).to.deep.equal(
      new Set(['ok', 'timeout', 'refused', 'network', 'breaker-open'].map((name) => `keycloak ${name}`)),
    )
  })
})
