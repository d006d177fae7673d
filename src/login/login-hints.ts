import { GatewayError } from '../platform/errors/gateway-error.ts'

/** What a caller of `/login` may pass on to the provider, and what each may look like; all else is ignored. */
const HINTS: Record<string, RegExp> = {
  prompt: /^(none|login|consent|select_account|create)( (none|login|consent|select_account|create))*$/,
  login_hint: /^[^\p{C}]{1,255}$/u,
  kc_idp_hint: /^[\w.~-]{1,255}$/,
  acr_values: /^[\x21\x23-\x5b\x5d-\x7e]{1,255}( [\x21\x23-\x5b\x5d-\x7e]{1,255}){0,9}$/,
  ui_locales: /^[A-Za-z0-9-]{1,35}( [A-Za-z0-9-]{1,35}){0,9}$/,
}

/** @throws GatewayError INVALID_REQUEST naming the hint that is malformed or came twice */
export function readHints(query: Record<string, unknown>): Record<string, string> {
  const hints: Record<string, string> = {}
  for (const [name, shape] of Object.entries(HINTS)) {
    if (!Object.hasOwn(query, name)) continue
    const value = query[name]
    if (value === '') continue
    if (typeof value !== 'string' || !shape.test(value))
      throw new GatewayError('INVALID_REQUEST', { details: { parameter: name } })
    hints[name] = value
  }
  return hints
}
