import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'

/** A realm's own settings: its representation without the people, clients and roles in it. */
export type RealmSettings = Omit<RealmRepresentation, 'users' | 'clients' | 'groups' | 'roles' | 'clientScopes'> & {
  realm: string
  /** By language, then by key. */
  localizationTexts?: Record<string, Record<string, string>>
}
