import type { Request } from 'express'
import { oauthError } from './keycloak-error.ts'

/** Parameters of one request, each at most once. */
export type Parameters = Record<string, string>

const tokenNames = new Set(['refresh_token', 'subject_token', 'token', 'id_token_hint', 'client_assertion', 'request'])

/** What Keycloak drops without a word: parameters that are longer than it wants to keep. */
const isTooLong = (name: string, value: string) => value.length > (tokenNames.has(name) ? 20_000 : 4_000)

/** Turns a query or form into a record without overlong values, and names the parameters that came twice. */
export function readParameters(search: URLSearchParams): { parameters: Parameters; repeated: string[] } {
  const parameters: Parameters = {}
  const repeated: string[] = []
  for (const [name, value] of search) {
    if (Object.hasOwn(parameters, name)) repeated.push(name)
    else if (!isTooLong(name, value)) parameters[name] = value
  }
  return { parameters, repeated }
}

/** The query of a request. */
export const queryOf = (req: Request) => new URL(req.originalUrl, 'http://stand-in').searchParams

/** The form a request posted; empty for any other content type. Needs {@link import('express').text} before it. */
export const formOf = (req: Request) =>
  new URLSearchParams(req.is('application/x-www-form-urlencoded') && typeof req.body === 'string' ? req.body : '')

/** The form of a back-channel request. @throws 400 when a parameter comes twice */
export function uniqueForm(req: Request): Parameters {
  const { parameters, repeated } = readParameters(formOf(req))
  if (repeated.length > 0) throw oauthError(400, 'invalid_request', 'duplicated parameter')
  return parameters
}
