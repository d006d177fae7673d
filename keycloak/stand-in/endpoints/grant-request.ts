import type { Clock } from '../clock.ts'
import type { Parameters } from '../http/parameters.ts'
import type { Client, Realm } from '../model/types.ts'

/** What every grant of the token endpoint is handed: the client is authenticated already. */
export type GrantRequest = {
  realm: Realm
  client: Client
  form: Parameters
  clock: Clock
  /** The caller's IP address. */
  address: string
}
