import KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type { AdminGateway } from './admin-gateway.ts'
import { REALM, type RealKeycloak } from './real-keycloak.ts'
import { type Client, sideBySide, type Times } from './sample.ts'

/** Every one of them asked once by each, so that no cache knows them. */
export const READ_USERS = 300
/** Others, until the compilers of both sides have done their work. */
export const WARM_UP_USERS = 700
/** Fewer than the cache holds. */
const REMEMBERED = 20

type Read = 'direct' | 'byLibrary' | 'uncached' | 'cached' | 'searchDirect' | 'search'
export type ReadTimes = Record<Read, Times | undefined>

/** One user after another, asked of the gateway and, in the same moments, of Keycloak itself. */
export async function measureReads(client: Client, gateway: AdminGateway, keycloak: RealKeycloak): Promise<ReadTimes> {
  const token = await keycloak.adminToken()
  const library = new KeycloakAdminClient({ baseUrl: keycloak.url, realmName: REALM })
  library.registerTokenProvider({ getAccessToken: async () => token })
  const here = (id = '') =>
    client.time({ url: `${gateway.url}/api/v1/admin/users/${id}`, headers: gateway.administrator })
  const there = (id = '') =>
    client.time({
      url: `${keycloak.url}/admin/realms/${REALM}/users/${id}`,
      headers: { authorization: `Bearer ${token}` },
    })
  const byLibrary = async (id = '') => {
    const begun = performance.now()
    await library.users.findOne({ id })
    return performance.now() - begun
  }
  const all = [here, there, byLibrary]
  const ids = keycloak.userIds
  const askAll = (from: number, rounds: number) =>
    sideBySide(
      rounds,
      all.map((ask) => (round: number) => ask(ids[from + round])),
    )
  await askAll(READ_USERS, WARM_UP_USERS)
  const [uncached, direct, libraryTimes] = await askAll(0, READ_USERS)
  await sideBySide(REMEMBERED, [(round) => here(ids[round])])
  const [cached] = await sideBySide(READ_USERS, [(round) => here(ids[round % REMEMBERED])])
  // Which no cache answers, and of which neither side has heard before.
  const [search, searchDirect] = await sideBySide(READ_USERS, [
    (round) =>
      client.time({
        url: `${gateway.url}/api/v1/admin/users?search=bench-${round}&max=20`,
        headers: gateway.administrator,
      }),
    (round) =>
      client.time({
        url: `${keycloak.url}/admin/realms/${REALM}/users?search=bench-${round}&first=0&max=20&briefRepresentation=true`,
        headers: { authorization: `Bearer ${token}` },
      }),
  ])
  return { direct, byLibrary: libraryTimes, uncached, cached, searchDirect, search }
}
