import type { GatewayError } from './gateway-error.ts'

/** A failure as OAuth endpoints tell it (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 7662 section 2.3). */
export function oauthFailure(error: GatewayError): { error: string; error_description: string } {
  const description = error.oauth?.description ?? error.message
  return { error: oauthErrorOf(error), error_description: plain(description) }
}

/** The code of a failure in the words of OAuth. */
export function oauthErrorOf({ oauth, status }: GatewayError): string {
  return oauth?.error ?? errorFor(status)
}

function errorFor(status: number): string {
  if (status === 401) return 'invalid_client'
  if (status === 429 || status === 503) return 'temporarily_unavailable'
  return status >= 500 ? 'server_error' : 'invalid_request'
}

/** The characters that a description may have: visible ASCII and blanks, without quotation marks and backslashes. */
function plain(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'").slice(0, 300)
}
