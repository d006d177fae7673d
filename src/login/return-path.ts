const MAX_LENGTH = 2_048
const VISIBLE_ASCII = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/
/** Sending someone back there would loop, or sign them out. */
const NEVER = /^\/(login|callback|logout|backchannel-logout)(?:[/?]|$)/

/**
 * Where to go after signing in: a path of this gateway, or `/`. Read again by the WHATWG URL parser, because that is how
 * the browser will read it, and emitted whole, so that nothing is left to be resolved (RFC 9700 section 4.11).
 * @param value one query value; arrays and objects count as absent
 * @returns an absolute same-origin address
 */
export function returnUrl(value: unknown, publicUrl: string): string {
  return `${new URL(publicUrl).origin}${returnPath(value, publicUrl)}`
}

function returnPath(value: unknown, publicUrl: string): string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !VISIBLE_ASCII.test(value)) return '/'
  const base = new URL(publicUrl)
  if (!URL.canParse(value, base)) return '/'
  const url = new URL(value, base)
  const { pathname } = url
  if (url.origin !== base.origin || pathname.startsWith('//') || pathname.includes('\\') || leadsBack(pathname))
    return '/'
  return pathname + url.search + url.hash
}

/** The gateway decodes a path before it matches it, so `/log%69n` is the login too. */
function leadsBack(pathname: string): boolean {
  try {
    return NEVER.test(decodeURIComponent(pathname))
  } catch {
    return true
  }
}
