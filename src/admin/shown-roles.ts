import type { RoleView } from '../platform/keycloak/roles/keycloak-roles.ts'

/** Roles that somebody or something holds: given directly, and all that come with them. */
interface HeldRoles {
  direct: readonly RoleView[]
  effective: readonly RoleView[]
}

/** A role as lists of roles show it: by its key, never by Keycloak's id. */
export const shownRole = ({ key, description }: RoleView) => ({ role: key, description })

/** What is held, as it is answered for users and for groups. */
export const shownRoles = ({ direct, effective }: HeldRoles) => ({
  direct: direct.map(shownRole),
  effective: effective.map(shownRole),
})
