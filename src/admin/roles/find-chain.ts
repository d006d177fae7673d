import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'

/**
 * How a role would contain itself if these were put into it: the keys from the role to itself, the shortest way; undefined
 * when it would not. Loops that are there already are walked through once.
 */
export async function findChain(
  role: RoleView,
  parts: readonly RoleView[],
  compositesOf: (id: string) => Promise<readonly RoleView[]>,
): Promise<string[] | undefined> {
  const seen = new Set<string>()
  let open = parts.map((part) => ({ part, chain: [role.key, part.key] }))
  while (open.length > 0) {
    const found = open.find(({ part }) => part.id === role.id)
    if (found !== undefined) return found.chain
    const fresh = open.filter(({ part }, at) => {
      if (seen.has(part.id) || open.findIndex((one) => one.part.id === part.id) !== at) return false
      seen.add(part.id)
      return part.composite
    })
    const below = fresh.map(async ({ part, chain }) =>
      (await compositesOf(part.id)).map((inner) => ({ part: inner, chain: [...chain, inner.key] })),
    )
    open = (await Promise.all(below)).flat()
  }
  return undefined
}
