import type { Client } from '../model/types.ts'

const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(\/|$)/

function matchesWildcard(prefix: string, uri: URL): boolean {
  if (prefix === '') return /^https?:$/.test(uri.protocol)
  if (!uri.href.startsWith(prefix)) return false
  const hasPath = /^[a-z]+:\/\/[^/]+\//i.test(prefix)
  if (hasPath || !URL.canParse(prefix)) return hasPath
  const start = new URL(prefix)
  return start.hostname === uri.hostname && (start.port === '' || start.port === uri.port)
}

function matches(pattern: string, text: string, uri: URL): boolean {
  if (pattern === text) return true
  if (pattern.endsWith('*') && !pattern.includes('?')) return matchesWildcard(pattern.slice(0, -1), uri)
  return loopback.test(pattern) && pattern === text.replace(`:${uri.port}`, '')
}

/**
 * Whether a URI is one of the patterns, as Keycloak reads them: exact; ending in `*` for any path and query below;
 * a loopback address without a port for any port. Fragments, user names and dot segments never match.
 */
export function isAllowedUri(patterns: string[], text: string): boolean {
  if (!URL.canParse(text) || text.includes('#') || /\/\.{1,2}(\/|$|\?)/.test(text)) return false
  const uri = new URL(text)
  if (uri.username !== '' || uri.password !== '') return false
  return patterns.some((pattern) => matches(pattern, text, uri))
}

/** The patterns for the way back after signing out: `post.logout.redirect.uris`, `+` being the redirect URIs. */
export function postLogoutPatterns(client: Client): string[] {
  const setting = client.attributes['post.logout.redirect.uris'] ?? '+'
  if (setting === '-') return []
  return setting.split('##').flatMap((pattern) => (pattern === '+' ? client.redirectUris : pattern))
}
