import { GatewayError } from '../platform/errors/gateway-error.ts'

export interface RequestTarget {
  /** Canonical: unreserved characters decoded, hex in capitals, nothing else changed. */
  path: string
  /** With its `?`, byte for byte, or empty. */
  query: string
}

const MAX_TARGET = 8_192
// Segments that begin with anything but a dot and hold nothing that could be read in two ways.
const PLAIN = /^(?:\/[\w~!$&'()*+,=:@-][\w.~!$&'()*+,=:@-]*)*\/?$/
// What RFC 3986 allows in a path, less `;`, which servlet containers cut off.
const ALLOWED = /^[\w.~!$&'()*+,=:@/%-]+$/
const QUERY = /^[\x21\x22\x24-\x7e]*$/
const UNRESERVED = /[A-Za-z0-9._~-]/
// Encoded controls, slash, backslash, semicolon, and a percent sign that makes a second layer of encoding.
const DANGEROUS = /%(?:[01][0-9A-F]|7F|2F|5C|3B|25[0-9A-Fa-f]{2})/
const AMBIGUOUS = /[./\\;%#?]/g
const C1_CONTROLS = /[\u0080-\u009f\u2028\u2029]/

/**
 * The one reading of a request target (RFC 9112 section 3.2, RFC 3986 section 6.2.2) that every later step shares.
 * Whatever another server could resolve to a different path is refused.
 * @throws GatewayError INVALID_PATH or URI_TOO_LONG
 */
export function readRequestTarget(raw: string): RequestTarget {
  if (raw.length > MAX_TARGET) throw new GatewayError('URI_TOO_LONG')
  const cut = raw.indexOf('?')
  const path = cut < 0 ? raw : raw.slice(0, cut)
  const query = cut < 0 ? '' : raw.slice(cut)
  if (query !== '' && !QUERY.test(query)) refuse('the query holds a control character, a fragment or raw non-ASCII')
  if (path.length > 0 && PLAIN.test(path)) return { path, query }
  return { path: canonicalPath(path), query }
}

function canonicalPath(raw: string): string {
  if (!raw.startsWith('/')) refuse('the target is not in origin form')
  if (!ALLOWED.test(raw)) refuse('the path holds a character that must not stand there')
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) refuse('the percent encoding is broken')
  const path = raw.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return UNRESERVED.test(char) ? char : `%${hex.toUpperCase()}`
  })
  if (DANGEROUS.test(path)) refuse('the path hides a delimiter, a control character or a second encoding')
  if (path.includes('//')) refuse('the path has an empty segment')
  const decoded = decode(path)
  if (C1_CONTROLS.test(decoded)) refuse('the path holds a control character')
  // Some servers fold look-alikes (fullwidth dots and slashes) before they resolve the path.
  if (count(decoded.normalize('NFKC')) !== count(decoded)) refuse('the path holds a look-alike of a delimiter')
  if (decoded.split('/').some((segment) => /^[\s.]*\.[\s.]*$/.test(segment))) refuse('the path has a dot segment')
  return path
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return refuse('the path is not valid UTF-8')
  }
}

function count(text: string): number {
  return text.match(AMBIGUOUS)?.length ?? 0
}

function refuse(reason: string): never {
  throw new GatewayError('INVALID_PATH', { reason })
}
