/** How other servers read a path: each answers the decoded segments it would end up with, or undefined when it refuses. */
export type Resolver = (path: string) => string[] | undefined

export const resolvers: Record<string, Resolver> = {
  'RFC 3986': (path) =>
    withoutDots(segmentsOf(path).map((segment) => (isDots(segment) ? decodeDots(segment) : segment))),
  'WHATWG URL': (path) => segmentsOf(new URL(`http://gateway${path}`).pathname),
  'decoding twice': (path) => withoutDots(segmentsOf(decode(decode(path)).replaceAll('\\', '/'))),
  'a servlet container': (path) => withoutDots(segmentsOf(path).map((segment) => decode(segment.split(';')[0] ?? ''))),
  'Go and nginx': (path) => withoutDots(segmentsOf(decode(path))),
  'Windows servers': (path) => withoutDots(segmentsOf(decode(path).replaceAll('\\', '/'))),
}

/** The segments that the gateway itself means by a canonical path. */
export function meant(path: string): string[] {
  return segmentsOf(decode(path))
}

/** What a reader takes for the same resource: decoded, and without the difference that encoding makes. */
export function resolved(resolver: Resolver, path: string): string[] | undefined {
  return resolver(path)?.map(decode)
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1)
}

function isDots(segment: string): boolean {
  return /^(\.|%2e){1,2}$/i.test(segment)
}

function decodeDots(segment: string): string {
  return segment.replace(/%2e/gi, '.')
}

/** Removes dot segments (RFC 3986 section 5.2.4) and merges empty ones, as most servers do. */
function withoutDots(segments: string[]): string[] {
  const kept: string[] = []
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '..' && segment !== '.' && (segment !== '' || last)) kept.push(segment)
    else if (last) kept.push('')
  })
  return kept
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
