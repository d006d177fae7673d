import { ownValue } from '../realm-file/own-value.ts'

/**
 * Whether `current` lacks something of `wanted`. Objects are compared by the members of `wanted` only, lists of texts
 * without their order, and an empty text equals an absent one: Keycloak keeps no empty values.
 */
export function differs(wanted: unknown, current: unknown): boolean {
  if (wanted === undefined) return false
  if (wanted === '' || wanted === null) return current !== undefined && current !== null && current !== ''
  if (Array.isArray(wanted)) return !Array.isArray(current) || sorted(wanted) !== sorted(current)
  if (typeof wanted !== 'object') return wanted !== current
  const members = isObject(current) ? current : {}
  return Object.entries(wanted).some(([name, value]) => differs(value, ownValue(members, name)))
}

function sorted(list: readonly unknown[]): string {
  return list
    .map((item) => JSON.stringify(item))
    .sort()
    .join()
}

/** The members of `wanted` that differ, with what they are worth in `wanted`. */
export function differentMembers<T extends object>(wanted: T, current: object): Partial<T> {
  const members = current as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => differs(value, ownValue(members, name))),
  ) as Partial<T>
}

/** `name 900 → 300, other true → false`; of objects only the members that differ, and never a secret. */
export function describeDifferences(different: object, current: unknown, prefix = ''): string {
  const members = isObject(current) ? current : {}
  return Object.entries(different)
    .filter(([name, value]) => differs(value, ownValue(members, name)))
    .map(([name, value]) => {
      if (name === 'secret' || name === 'password') return `${prefix}${name} changed`
      if (isObject(value)) return describeDifferences(value, ownValue(members, name), `${prefix}${name}.`)
      return `${prefix}${name} ${short(ownValue(members, name))} → ${short(value)}`
    })
    .join(', ')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function short(value: unknown): string {
  const text = value === undefined ? 'not set' : JSON.stringify(value)
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
