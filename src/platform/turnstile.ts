import { AsyncResource } from 'node:async_hooks'

/** Calls `go` at once when nobody else passed in this round of the event loop, else in a later round, in order of arrival. */
export type Turnstile = (go: () => void) => void

/**
 * One after another: work that takes a good part of a millisecond and often comes in crowds (a page of users for each of
 * a hundred administrators) would keep everything else waiting until the crowd is through. Here input and output get their
 * turn between each two of them.
 */
export function createTurnstile(): Turnstile {
  const waiting: (() => void)[] = []
  let busy = false

  function turn(): void {
    const go = waiting.shift()
    busy = go !== undefined
    if (go === undefined) return
    setImmediate(turn)
    go()
  }

  return function pass(go) {
    // What belongs to a request, its id in the log for instance, goes with it.
    if (busy) return void waiting.push(AsyncResource.bind(go))
    busy = true
    setImmediate(turn)
    go()
  }
}
