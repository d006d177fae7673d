import { z } from 'zod'

/** What the reference says of one environment variable. */
export interface SettingDoc {
  doc: string
  group: string
  /** Shown in the table and in .env.example when there is no schema default. */
  example?: string
  /** Never shown; `in-address`: all but the address is. */
  secret?: boolean | 'in-address'
}

const DOC = Symbol('cloakroom.setting')

/** Ties documentation to a schema, so that the reference is generated from what is really parsed. */
export function setting<T extends z.ZodType>(schema: T, doc: SettingDoc): T {
  return Object.assign(schema, { [DOC]: doc })
}

export function docOf(schema: z.ZodType): SettingDoc | undefined {
  return (schema as { [DOC]?: SettingDoc })[DOC]
}

/** Whole seconds written as decimal digits. */
export function seconds(fallback: number, { min = 0, max = 31_536_000 } = {}) {
  return wholeNumber(fallback, min, max, 'seconds')
}

export function wholeNumber(fallback: number, min: number, max: number, unit = '') {
  const range = `a whole number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`
  return z
    .string()
    .regex(/^\d{1,12}$/, `must be ${range}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be ${range}`)
    .default(fallback)
}

export function port(fallback: number) {
  return wholeNumber(fallback, 0, 65_535, 'a TCP port; 0 picks a free one')
}

/** A comma-separated list; blanks around the items are dropped, empty items are not allowed. */
export function commaList(fallback: readonly string[] = []) {
  return z
    .string()
    .transform((text) => (text.trim() === '' ? [] : text.split(',').map((item) => item.trim())))
    .refine((items) => items.every((item) => item !== ''), 'has an empty item; write a,b,c')
    .default([...fallback])
}

/** An absolute http or https address without credentials, query or fragment; answered as text without a last slash. */
export function httpUrl() {
  return z.string().transform((text, context) => {
    const problem = httpUrlProblem(text)
    if (problem === undefined) return text.replace(/\/+$/, '')
    context.addIssue({ code: 'custom', message: problem })
    return z.NEVER
  })
}

/** What is wrong with an address, read as text first: a URL parser mends in silence what was surely not meant. */
export function httpUrlProblem(text: string): string | undefined {
  if (/[\s\\]/.test(text)) return 'must not contain blanks or backslashes'
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text) || !URL.canParse(text))
    return 'is not an absolute address; write https://host[:port][/path]'
  if (!/^https?:\/\//.test(text)) return 'must begin with http:// or https://, in lower case'
  if (/^[^/]*\/\/[^/]*@/.test(text)) return 'must not carry a user name or password'
  if (/[?#]/.test(text)) return 'must not have a query or a fragment'
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(text)) return 'must not have dot segments in its path'
  return undefined
}
