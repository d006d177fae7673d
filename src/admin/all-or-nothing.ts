import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { Log } from '../platform/observability/log.ts'

export interface Step {
  /** For the log. */
  what: string
  do: () => Promise<unknown>
  undo: () => Promise<unknown>
}

/**
 * Takes steps one after another; when one fails, it and those before it are undone in reverse, because a step whose answer
 * was lost may have been carried out. So `undo` must do no harm where nothing was done. A first step that fails is left
 * alone: each step is whole in itself.
 * @throws what the step threw, or GatewayError CHANGE_INCOMPLETE when it could not be undone
 */
export async function allOrNothing(steps: readonly Step[], log: Log): Promise<void> {
  for (const [at, step] of steps.entries()) {
    try {
      await step.do()
    } catch (cause) {
      if (at > 0) await undoAll(steps.slice(0, at + 1).reverse(), cause, log)
      throw cause
    }
  }
}

async function undoAll(steps: readonly Step[], cause: unknown, log: Log): Promise<void> {
  const left: string[] = []
  for (const { what, undo } of steps) {
    try {
      await undo()
    } catch (error) {
      log.error('a change stopped half-way and could not be undone', { step: what, error })
      left.push(what)
    }
  }
  if (left.length > 0) throw new GatewayError('CHANGE_INCOMPLETE', { reason: `not undone: ${left.join(', ')}`, cause })
}
