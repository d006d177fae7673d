import type { Realm, User } from '../model/types.ts'
import type { ListQuery } from './list-query.ts'

type Test = (user: User) => boolean

const fields = (user: User) =>
  [user.username, user.email, user.firstName, user.lastName].flatMap((value) => value?.toLowerCase() ?? [])

/** One word of `search`: a beginning; with `*` anything in its place; in double quotes the whole value. */
function wordTest(word: string): Test {
  const quoted = /^"(.*)"$/.exec(word)?.[1]
  if (quoted !== undefined) return (user) => fields(user).includes(quoted.toLowerCase())
  const parts = word
    .toLowerCase()
    .split('*')
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*')}`, 's')
  return (user) => fields(user).some((value) => pattern.test(value))
}

function fieldTest(query: ListQuery, name: 'username' | 'email' | 'firstName' | 'lastName'): Test | undefined {
  const wanted = query.text(name)?.toLowerCase()
  if (wanted === undefined) return undefined
  return (user) => {
    const value = user[name]?.toLowerCase()
    return query.isOn('exact') ? value === wanted : value?.includes(wanted) === true
  }
}

function flagTest(query: ListQuery, name: 'enabled' | 'emailVerified'): Test | undefined {
  const wanted = query.text(name)
  return wanted === undefined ? undefined : (user) => String(user[name]) === wanted
}

/** `q=key:value key2:value2`: the person has these attributes. */
function attributeTest(query: ListQuery): Test | undefined {
  const pairs = query
    .text('q')
    ?.split(' ')
    .map((pair) => pair.split(/:(.*)/s))
  return pairs && ((user) => pairs.every(([name = '', value = '']) => user.attributes[name]?.includes(value)))
}

const byName = (a: User, b: User) => (a.username < b.username ? -1 : 1)

/**
 * The people a list query is about, by user name. Accounts of clients only show up when there is a filter and no
 * `search`, as in Keycloak.
 */
export function searchUsers(realm: Realm, query: ListQuery): User[] {
  const search = query.text('search')?.trim()
  const named = (['username', 'email', 'firstName', 'lastName'] as const).map((name) => fieldTest(query, name))
  const words = search ? search.split(/\s+/).map(wordTest) : []
  const others = [flagTest(query, 'enabled'), flagTest(query, 'emailVerified'), attributeTest(query)]
  const showsAccounts = !search && (query.text('exact') !== undefined || [...named, ...others].some(Boolean))
  const tests = [...words, ...(search ? [] : named), ...others].filter((test) => test !== undefined)
  const nobody = query.text('idpAlias') !== undefined || query.text('idpUserId') !== undefined
  return nobody
    ? []
    : [...realm.users.values()]
        .filter((user) => showsAccounts || user.serviceAccountOf === undefined)
        .filter((user) => tests.every((test) => test(user)))
        .sort(byName)
}
