import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { Step } from '../all-or-nothing.ts'

/**
 * Steps for `allOrNothing` that know what has become of them. One that Keycloak has refused was not carried out, so there is
 * nothing to undo, and nobody has to be allowed to. A first one whose answer was lost is taken back as well as can be.
 */
export function carefulSteps(steps: readonly Step[]): Step[] {
  return steps.map((step, at) => {
    let wasRefused = false
    return {
      ...step,
      async do() {
        try {
          return await step.do()
        } catch (cause) {
          wasRefused = cause instanceof GatewayError && cause.code !== 'KEYCLOAK_UNAVAILABLE'
          if (at === 0 && !wasRefused) await step.undo().catch(() => undefined)
          throw cause
        }
      },
      undo: async () => (wasRefused ? undefined : step.undo()),
    }
  })
}
