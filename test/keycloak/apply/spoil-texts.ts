import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'

/** A required action is switched off and its text replaced, in the realm `applied`. */
export async function spoilTexts(admin: KeycloakAdminClient): Promise<void> {
  const alias = 'UPDATE_EMAIL'
  await admin.authenticationManagement.updateRequiredAction({ alias }, { alias, enabled: false })
  const where = { realm: 'applied', selectedLocale: 'en', key: `requiredAction.${alias}` }
  await admin.realms.addLocalization(where, 'Nonsense')
}
