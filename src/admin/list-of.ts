import { z } from 'zod'

const isWithoutRepeats = <T>(items: readonly T[]) => new Set(items).size === items.length

/** A list that names nothing twice. */
export function listOf<T extends z.ZodType>(item: T, max: number, min = 0) {
  return z
    .array(item, 'must be a list')
    .min(min, 'must name at least one')
    .max(max, `must have at most ${max} entries`)
    .refine(isWithoutRepeats, 'must not name anything twice')
}
