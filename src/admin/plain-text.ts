import { z } from 'zod'

/** Control characters, breaks of lines, and what turns the direction of text so that it reads as something else. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/**
 * One line of text, as names and descriptions are; nothing of it is changed.
 * @param max in units of UTF-16, as Keycloak counts: an emoji is two
 */
export function plainText(max: number, ifNone = 'must be a text') {
  const tooLong = `must have at most ${max} characters`
  return z
    .string(ifNone)
    .min(1, 'must not be empty')
    .max(max, { error: tooLong, abort: true })
    .refine((value) => value.length <= max, tooLong)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .refine((value) => !CONTROL.test(value), 'must not have control characters')
    .refine((value) => value.trim() === value, 'must not begin or end with a blank')
}
