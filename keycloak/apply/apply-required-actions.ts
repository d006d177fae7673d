import type RequiredActionProviderRepresentation from '@keycloak/keycloak-admin-client/lib/defs/requiredActionProviderRepresentation.js'
import type { Realm } from '../realm-schema.ts'
import { describeDifferences, differentMembers } from './differences.ts'
import type { Target } from './target.ts'

/** Registers missing required actions of the file and brings the others to it; those that it does not name are left alone. */
export async function applyRequiredActions({ admin, changed }: Target, realm: Realm): Promise<void> {
  const wanted = (realm.requiredActions ?? []) as RequiredActionProviderRepresentation[]
  if (wanted.length === 0) return
  const present = new Map((await admin.authenticationManagement.getRequiredActions()).map((item) => [item.alias, item]))
  for (const action of wanted) {
    const { alias = '', name = alias, providerId = alias } = action
    if (!present.has(alias)) await admin.authenticationManagement.registerRequiredAction({ providerId, name })
    const current = present.get(alias) ?? {}
    const different = differentMembers(action, current)
    if (Object.keys(different).length === 0) continue
    await admin.authenticationManagement.updateRequiredAction({ alias }, { ...current, ...action })
    changed(`required action ${alias}: ${describeDifferences(different, current)}`)
  }
}
