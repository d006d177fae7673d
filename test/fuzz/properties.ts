import type fc from 'fast-check'
import { createCarryOut } from './carry-out.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { handshakes } from './grammar/handshakes.ts'
import { ownCalls } from './grammar/own-endpoints.ts'
import { conversations } from './grammar/requests.ts'
import { signIns } from './grammar/sign-ins.ts'
import { createSignIn } from './sign-in.ts'

/** Something that must hold for everything of its kind. */
export interface FuzzProperty {
  readonly name: string
  /** The part of the time it gets. */
  readonly share: number
  readonly arbitrary: fc.Arbitrary<unknown>
  /** What was wrong with one case; also for a case that was read from a file. */
  run(one: unknown): Promise<string[]>
}

export function fuzzProperties(world: FuzzWorld): FuzzProperty[] {
  const inTurn = createTurns()
  const carryOut = inTurn(createCarryOut(world))
  return [
    property('conversations', 5, conversations, carryOut),
    property('own-endpoints', 2, ownCalls, carryOut),
    property('handshakes', 1.5, handshakes, carryOut),
    property('sign-ins', 1.5, signIns, inTurn(createSignIn(world))),
  ]
}

/** One case after the other: when its time is up, fast-check goes on without waiting for the case that is under way. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(run: (one: T) => Promise<string[]>) =>
    (one: T): Promise<string[]> => {
      const mine = last.then(() => run(one))
      last = mine.catch(() => undefined)
      return mine
    }
}

function property<T>(
  name: string,
  share: number,
  arbitrary: fc.Arbitrary<T>,
  run: (one: T) => Promise<string[]>,
): FuzzProperty {
  return { name, share, arbitrary, run: (one) => run(one as T) }
}
