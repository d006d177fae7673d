import type { Router } from 'express'
import { groupIdAt } from '../model/import-people.ts'
import { profileOf } from '../model/user-profile.ts'
import type { Guarded } from './admin-request.ts'
import { groupRow } from './representations.ts'

/** What a realm can ask of people at their next sign-in, and whether it does as Keycloak comes. */
const REQUIRED_ACTIONS = {
  TERMS_AND_CONDITIONS: false,
  UPDATE_PROFILE: true,
  VERIFY_EMAIL: true,
  CONFIGURE_TOTP: true,
  UPDATE_PASSWORD: true,
  delete_account: false,
  UPDATE_EMAIL: false,
  'webauthn-register': true,
  'webauthn-register-passwordless': true,
  VERIFY_PROFILE: true,
  delete_credential: true,
  idp_link: true,
  CONFIGURE_RECOVERY_AUTHN_CODES: true,
  update_user_locale: true,
}
const BUILT_IN = ['username', 'email', 'firstName', 'lastName']

/** Keycloak drops what it does not know, without a word. */
export const knownActions = (actions: readonly string[]) =>
  [...new Set(actions)].filter((action) => Object.hasOwn(REQUIRED_ACTIONS, action))

/** What the realm lets people have: attributes, required actions, groups for everybody. */
export function mountUserSettings(router: Router, on: Guarded) {
  router.get(
    '/users/profile',
    on(({ realm, admin, res }) => {
      admin.needs('view-realm', 'manage-realm', 'view-users', 'manage-users')
      const { attributes = [], unmanagedAttributePolicy } = profileOf(realm.settings)
      const more = attributes.filter(({ name }) => !BUILT_IN.includes(name ?? ''))
      const policy = unmanagedAttributePolicy === undefined ? {} : { unmanagedAttributePolicy }
      res.json({ attributes: [...BUILT_IN.map((name) => ({ name })), ...more], ...policy })
    }),
  )
  router.get(
    '/authentication/required-actions',
    on(({ realm, admin, res }) => {
      admin.needs('view-realm', 'manage-realm', 'view-users', 'view-clients', 'manage-clients')
      if (realm.settings.requiredActions !== undefined) return void res.json(realm.settings.requiredActions)
      const rows = Object.entries(REQUIRED_ACTIONS)
      res.json(
        rows.map(([alias, enabled]) => ({ alias, name: alias, providerId: alias, enabled, defaultAction: false })),
      )
    }),
  )
  router.get(
    '/default-groups',
    on(({ realm, admin, res }) => {
      admin.needs('view-realm', 'manage-realm')
      const ids = (realm.settings.defaultGroups ?? []).flatMap((path) => groupIdAt(realm.groups, path) ?? [])
      res.json(ids.flatMap((id) => realm.groups.get(id) ?? []).map((group) => groupRow(group, false)))
    }),
  )
}
