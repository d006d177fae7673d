import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { createOidcClient, type OidcClient } from './oidc-client.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import type { Server } from './servers.ts'
import { testRealm } from './test-realm.ts'

/** A realm of its own on one server, with the calls that behaviours are told in. */
export type TestBed = OidcClient & {
  realm: string
  issuer: string
  /** Takes the logout tokens of clients `gw` and `other`. */
  receiver: Receiver
  admin: AdminClient
  /** The address of an endpoint below `protocol/openid-connect`. */
  oidc(path: string): string
  userId(name: string): Promise<string>
  close(): Promise<void>
}

/** Makes a realm for one group of tests. `overrides` are realm settings. */
export async function createTestBed(server: Server, overrides: RealmRepresentation = {}): Promise<TestBed> {
  const receiver = await startReceiver()
  const representation = testRealm(overrides, receiver.url)
  const realm = representation.realm ?? ''
  const made = await createAdminClient(server)('POST', '', { body: representation })
  if (made.status !== 201) throw new Error(`The realm was not made: ${made.status} ${made.text}`)
  const issuer = `${server.url}/realms/${realm}`
  const oidc = `${issuer}/protocol/openid-connect`
  const admin = createAdminClient(server, realm)

  return {
    ...createOidcClient(oidc),
    realm,
    issuer,
    receiver,
    admin,
    oidc: (path) => `${oidc}/${path}`,
    async userId(name) {
      const answer = await admin('GET', `/users?username=${name}&exact=true`)
      return answer.json[0].id
    },
    async close() {
      await admin('DELETE', '')
      await receiver.stop()
    },
  }
}

/** Makes a realm before the tests of a group and removes it after them. */
export function useTestBed(server: () => Server, overrides?: RealmRepresentation): () => TestBed {
  let bed: TestBed | undefined
  before(async () => {
    bed = await createTestBed(server(), overrides)
  })
  after(async () => bed?.close())
  return () => {
    if (!bed) throw new Error('The realm is only there while tests run.')
    return bed
  }
}
