import type { Request } from 'express'
import { z } from 'zod'
import { GatewayError } from '../errors/gateway-error.ts'

/**
 * Reads a query, path parameters or a body by a strict schema.
 * @throws GatewayError INVALID_REQUEST naming every field that is wrong
 */
export function readInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), problem: 'is not known here' }))
    if (issue.code === 'invalid_type' && issue.path.length === 0)
      return [{ field: '(body)', problem: 'must be a JSON object' }]
    return [{ field: issue.path.join('.') || '(body)', problem: issue.message }]
  })
  throw new GatewayError('INVALID_REQUEST', { details: { fields } })
}

export function readQuery<T extends z.ZodType>(schema: T, req: Request): z.output<T> {
  return readInput(schema, req.query)
}

/** `first` and `max` of a list; at most 100 at once. */
export const paging = {
  first: pageNumber(0, 0, 1_000_000),
  max: pageNumber(20, 1, 100),
}

function pageNumber(fallback: number, least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`
  return z
    .string(message)
    .regex(/^\d{1,7}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
    .default(fallback)
}
