import type { Realm, User } from './types.ts'

/** The person with this user name or, where the realm allows it, this e-mail address. Letters in any case. */
export function findByLogin(realm: Realm, login: string): User | undefined {
  const name = login.trim().toLowerCase()
  const people = [...realm.users.values()].filter((user) => user.serviceAccountOf === undefined)
  return (
    people.find((user) => user.username === name) ??
    (realm.settings.loginWithEmailAllowed === false ? undefined : people.find((user) => user.email === name))
  )
}
