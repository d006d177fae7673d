import type { Request } from 'express'
import { decodeJwt } from 'jose'
import type { Clock } from '../clock.ts'
import { plainError } from '../http/keycloak-error.ts'
import { effectiveRoles } from '../model/effective-roles.ts'
import { clientRole, realmRole } from '../model/role-keys.ts'
import type { Realm } from '../model/types.ts'
import { inspectToken } from '../tokens/inspect-token.ts'

/** A caller of the admin API. */
export type Admin = {
  /** Whether the caller holds one of these roles of client `realm-management`. */
  has(...roles: string[]): boolean
  /** @throws 403 unless the caller holds one of them */
  needs(...roles: string[]): void
  /** Whether the caller is an administrator of the whole server. */
  isMaster: boolean
  /** Who it is, in Keycloak's own ids. */
  caller: { realmId: string; clientId: string; userId: string }
}

/** Finds out who calls the admin API of a realm: somebody of that realm or an administrator of realm `master`. */
export function createAdminGuard(findRealm: (name: string) => Realm | undefined, clock: Clock) {
  async function caller(req: Request) {
    const [, token] = /^bearer (.+)$/i.exec(req.headers.authorization ?? '') ?? []
    const issuer = token === undefined ? undefined : issuerOf(token)
    const home = issuer === undefined ? undefined : findRealm(issuer.split('/realms/')[1] ?? '')
    if (!token || !home) throw plainError(401)
    const found = await inspectToken(home, token, clock, ['Bearer'])
    if ('problem' in found) throw plainError(401)
    const { user, client } = found.good
    const who = { realmId: home.id, clientId: client.id, userId: user.id }
    return { home, held: effectiveRoles(home, user), who }
  }

  return async (req: Request, realm: Realm | undefined): Promise<Admin> => {
    const { home, held, who } = await caller(req)
    const isMaster = home.name === 'master' && held.has(realmRole('admin'))
    const has = (...roles: string[]) =>
      isMaster || (home === realm && roles.some((role) => held.has(clientRole('realm-management', role))))
    const needs = (...roles: string[]) => {
      if (!has(...roles)) throw plainError(403)
    }
    return { has, needs, isMaster, caller: who }
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}
