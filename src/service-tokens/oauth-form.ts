import { type Request, type Response, text } from 'express'
import { fromStranger } from '../platform/errors/from-stranger.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { oauthRefusal } from './oauth-refusal.ts'

/** The parameters of a request, each once and none empty. */
export type OAuthForm = ReadonlyMap<string, string>

/** Characters; Keycloak drops longer values without a word, so a scope that is too long would count as none. */
const MAX_LENGTH = 4_000
const MAX_TOKEN_LENGTH = 20_000
const TOKENS = ['token', 'refresh_token', 'client_assertion']
const FORM = 'application/x-www-form-urlencoded'
const MAX_PARAMETERS = 50
const VISIBLE_ASCII = /^[\x20-\x7e]*$/

export type TakeOAuthForm = (req: Request, res: Response) => Promise<OAuthForm>

/**
 * Takes a form of 64 KiB at the most. Parameters in the address are refused (RFC 6749 section 2.3.1): addresses end up in
 * logs.
 * @param letBodyCome answers `Expect: 100-continue`
 */
export function createTakeOAuthForm(letBodyCome: (req: Request, res: Response) => void): TakeOAuthForm {
  const read = text({ type: FORM, limit: '64kb', inflate: false, defaultCharset: 'utf-8' })
  return async function takeOAuthForm(req, res) {
    if (contextOf(req).query !== '')
      throw oauthRefusal('invalid_request', 'Parameters belong into the body of the request, not into its address.')
    if (!req.is(FORM)) throw oauthRefusal('invalid_request', `Send the parameters as ${FORM}.`)
    letBodyCome(req, res)
    await new Promise<void>((resolve, reject) =>
      read(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(fromStranger(error)))),
    )
    return readOAuthForm(req.body)
  }
}

/**
 * Reads the text of a form. A parameter without a value counts as absent, one that comes twice is refused, and unknown
 * ones are left to be ignored (RFC 6749 section 3.2).
 * @throws GatewayError INVALID_REQUEST naming the parameter
 */
export function readOAuthForm(body: unknown): OAuthForm {
  const form = new Map<string, string>()
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(typeof body === 'string' ? body : '')) {
    if (seen.has(name)) throw oauthRefusal('invalid_request', `The parameter ${shown(name)} was sent more than once.`)
    if (seen.size >= MAX_PARAMETERS) throw oauthRefusal('invalid_request', 'There are too many parameters.')
    seen.add(name)
    if (value !== '') form.set(name, value)
  }
  return form
}

/**
 * Picks known parameters.
 * @throws GatewayError INVALID_REQUEST when one of them is too long or has characters that it cannot have
 */
export function pick(form: OAuthForm, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = form.get(name)
    if (value === undefined) continue
    if (value.length > (TOKENS.includes(name) ? MAX_TOKEN_LENGTH : MAX_LENGTH))
      throw oauthRefusal('invalid_request', `The parameter ${name} is too long.`)
    if (!VISIBLE_ASCII.test(value))
      throw oauthRefusal('invalid_request', `The parameter ${name} has characters that it cannot have.`)
    picked[name] = value
  }
  return picked
}

/** A name that the client made up is repeated only when it looks like one. */
function shown(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : 'with an odd name'
}
