import type { IncomingMessage } from 'node:http'

/** A browser opening a page: GET with `Sec-Fetch-Mode: navigate`, or, from browsers without it, asking for HTML. */
export function isNavigation(req: IncomingMessage): boolean {
  if (req.method !== 'GET') return false
  const mode = req.headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return acceptsHtml(req)
}

/** Whether the `Accept` header names HTML outright (a bare wildcard does not count). */
export function acceptsHtml(req: IncomingMessage): boolean {
  return /\btext\/html\b/i.test(req.headers.accept ?? '')
}

/** A navigation that began on another site (Fetch Metadata); a Strict cookie is missing on it even when it exists. */
export function isCrossSiteNavigation(req: IncomingMessage): boolean {
  return isNavigation(req) && req.headers['sec-fetch-site'] === 'cross-site'
}
