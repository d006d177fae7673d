import { passwordMatches } from '../model/passwords.ts'
import type { Realm, User } from '../model/types.ts'
import { findByLogin } from '../model/users.ts'

/** Who it is, or the sentence on the form. */
export type SignIn = { user: User } | RefusedSignIn
export type RefusedSignIn = {
  problem: string
  /** How the event calls it. */
  error: string
  userId?: string
}

const wrong = (error: string, user?: User): RefusedSignIn => ({
  ...{ problem: 'Invalid username or password.', error },
  ...(user === undefined ? {} : { userId: user.id }),
})

async function check(realm: Realm, user: User, password: string, address: string): Promise<SignIn> {
  const isLocked = realm.failures.isLocked(user.id)
  const isRight = await passwordMatches(password, user.password)
  if (isLocked) return wrong('user_temporarily_disabled', user)
  if (!isRight) {
    if (realm.failures.failed(user.id, address)) user.enabled = false
    return wrong('invalid_user_credentials', user)
  }
  if (!user.enabled) {
    const problem = 'Account is disabled, contact your administrator.'
    return { problem, error: 'user_disabled', userId: user.id }
  }
  realm.failures.succeeded(user.id)
  return { user }
}

/**
 * Tries a user name and password. A wrong name, a wrong password, a locked account and, with brute-force detection on,
 * a second login of the same person at the same moment all look the same.
 */
export async function signIn(realm: Realm, login: string, password: string, address: string): Promise<SignIn> {
  const user = findByLogin(realm, login)
  if (!user) {
    await passwordMatches(password, undefined)
    return wrong('user_not_found')
  }
  return realm.failures.oneAtATime(
    user.id,
    () => check(realm, user, password, address),
    () => wrong('invalid_user_credentials', user),
  )
}
