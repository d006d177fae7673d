import { expect } from 'chai'
import { paceAnswers } from '../../src/assembly/pace-answers.ts'
import type { Guard } from '../../src/platform/http/resilience.ts'
import { createTurnstile } from '../../src/platform/turnstile.ts'

const open: Guard = {
  target: 'keycloak:admin',
  execute: (call) => call(new AbortController().signal),
  state: () => ({ state: 'closed', failures: 0, lastFailureAt: null, nextAttemptAt: null }),
}

describe('answers of the admin API', () => {
  it('that come together are worked on one in each round of the event loop', async () => {
    const guard = paceAnswers(open, createTurnstile())
    let round = 0
    const workedOn: number[] = []
    const next = () => {
      round++
      if (workedOn.length < 10) setImmediate(next)
    }
    setImmediate(next)
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        await guard.execute(async () => 'answer')
        workedOn.push(round)
      }),
    )
    expect(new Set(workedOn).size).to.equal(10)
  })

  it('are handed on as they are, failures at once', async () => {
    const guard = paceAnswers(open, createTurnstile())
    expect(await guard.execute(async () => 'answer')).to.equal('answer')
    const failure = new Error('no')
    const seen = await guard.execute(() => Promise.reject(failure)).catch((error: unknown) => error)
    expect(seen).to.equal(failure)
    expect(guard.target).to.equal('keycloak:admin')
  })
})
