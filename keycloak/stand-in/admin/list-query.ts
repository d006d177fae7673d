import type { Request } from 'express'
import { plainError } from '../http/keycloak-error.ts'
import { queryOf } from '../http/parameters.ts'

/** The query of a list: which part of it, and every filter by name. */
export type ListQuery = {
  first: number
  max: number
  text(name: string): string | undefined
  isOn(name: string): boolean
}

/** What fits into Java's `int`. */
const LARGEST = 2 ** 31 - 1

function whole(value: string | null, fallback: number): number {
  if (value === null || value === '') return fallback
  if (!/^-?\d+$/.test(value) || Math.abs(Number(value)) > LARGEST) throw plainError(404)
  return Number(value)
}

/** Reads it. Without `max` there are 100 rows (or what the list has as its own), with -1 all of them. @throws 404 for a number that is none */
export function listQuery(req: Request, fallback = 100): ListQuery {
  const query = queryOf(req)
  const max = whole(query.get('max'), fallback)
  return {
    first: Math.max(0, whole(query.get('first'), 0)),
    max: max < 0 ? Number.POSITIVE_INFINITY : max,
    text: (name) => query.get(name) ?? undefined,
    isOn: (name) => query.get(name) === 'true',
  }
}

/** The part of a list the query asks for. */
export const part = <T>(rows: T[], { first, max }: ListQuery): T[] => rows.slice(first, first + max)
