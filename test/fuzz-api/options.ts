import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

export interface FuzzOptions {
  /** For all callers together. */
  readonly seconds: number
  readonly seed: number
  /** Only this caller; default: all of them, one after the other. */
  readonly caller: string | undefined
}

const HIGHEST_SEED = 2 ** 31

/** @throws Error that says what is wrong with an argument */
export function readOptions(args: string[]): FuzzOptions {
  const { values } = parseArgs({
    args,
    options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' }, caller: { type: 'string' } },
  })
  const minutes = Number(values.minutes)
  if (!(minutes > 0 && minutes <= 600))
    throw new Error(`--minutes is "${values.minutes}", but has to be a number up to 600, such as --minutes 5`)
  const seed = values.seed === undefined ? randomInt(HIGHEST_SEED) : Number(values.seed)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed is "${values.seed}", but has to be a whole number, such as the one that a run has printed`)
  return { seconds: Math.round(minutes * 60), seed, caller: values.caller }
}
