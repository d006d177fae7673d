import { createHash } from 'node:crypto'

/** What a version looks like: a short hash for each member, so that it also tells which of them has changed since. */
export const RESOURCE_VERSION = /^[\w-]{6}(\.[\w-]{6}){0,19}$/

/** Keycloak has no ETags; the version of a thing is made of what is shown of it, member by member, in a fixed order. */
export function versionOf(shown: Readonly<Record<string, unknown>>): string {
  return Object.entries(shown)
    .map(([name, value]) => hash(name, value))
    .join('.')
}

/** Names of the members that differ from those of that version; all of them when it is a version of something else. */
export function changedSince(version: string, shown: Readonly<Record<string, unknown>>): string[] {
  const known = version.split('.')
  const entries = Object.entries(shown)
  if (known.length !== entries.length) return entries.map(([name]) => name)
  return entries.filter(([name, value], i) => known[i] !== hash(name, value)).map(([name]) => name)
}

function hash(name: string, value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([name, value ?? null]))
    .digest('base64url')
    .slice(0, 6)
}
