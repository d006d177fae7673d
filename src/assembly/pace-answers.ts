import type { Guard } from '../platform/http/resilience.ts'
import type { Turnstile } from '../platform/turnstile.ts'

/** Answers that come together are worked on one by one, and the next calls begin one by one. */
export function paceAnswers(guard: Guard, turnstile: Turnstile): Guard {
  return {
    ...guard,
    execute: (call) =>
      guard.execute(async (signal) => {
        const answer = await call(signal)
        await new Promise<void>(turnstile)
        return answer
      }),
  }
}
