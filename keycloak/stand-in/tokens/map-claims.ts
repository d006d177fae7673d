import { type Claims, type ClaimTarget, runMapper, type Subject } from './mappers.ts'
import type { GrantedScope } from './scopes.ts'

function assign(claims: Claims, [head = '', ...rest]: string[], value: unknown) {
  if (rest.length === 0) {
    claims[head] = value
    return
  }
  const inner = claims[head]
  const next: Claims = typeof inner === 'object' && inner !== null ? (inner as Claims) : {}
  claims[head] = next
  assign(next, rest, value)
}

/** The claims and audiences that the granted scopes' mappers and the client's own ones make for one target. */
export function mapClaims(target: ClaimTarget, subject: Subject, grant: GrantedScope) {
  const claims: Claims = {}
  const audience = new Set<string>()
  const sink = {
    set: (path: string[], value: unknown) => assign(claims, path, value),
    audience: (name: string) => void audience.add(name),
  }
  const mappers = [...subject.client.mappers, ...grant.scopes.flatMap((scope) => scope.mappers)]
  for (const mapper of mappers) runMapper(mapper, target, subject, sink)
  return { claims, audience: [...audience] }
}
