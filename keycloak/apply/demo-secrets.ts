import { jsonPath } from '../realm-file/problem.ts'
import type { Realm } from '../realm-schema.ts'

/** Where a realm holds secrets or passwords that are published with this project: all of those have "demo" in them. */
export function demoSecrets(realm: Realm): string[] {
  const clients = (realm.clients ?? []).flatMap(({ secret }, index) =>
    secret?.includes('demo') ? [jsonPath(['clients', index, 'secret'])] : [],
  )
  const users = (realm.users ?? []).flatMap(({ credentials }, index) =>
    credentials?.some(({ value }) => value?.includes('demo')) ? [jsonPath(['users', index, 'credentials'])] : [],
  )
  return [...clients, ...users]
}

/** Whether only this machine can reach the address. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname)
}
