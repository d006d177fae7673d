import type { World } from './world.ts'

/** Someone of a realm, and what an administrator does to them without Keycloak telling anybody. */
export type Act = (world: World, userId: string) => Promise<unknown>

async function read<T>({ admin, realm }: World, path: string): Promise<T> {
  return (await admin.call('GET', `/${realm}${path}`)).json() as Promise<T>
}
const change = ({ admin, realm }: World, method: string, path: string, body?: object) =>
  admin.call(method, `/${realm}${path}`, body)

const roleNamed = async (world: World, name: string) => [await read<object>(world, `/roles/${name}`)]
const groupId = async (world: World) => {
  const [group] = await read<{ id: string }[]>(world, '/groups?search=customers')
  return group?.id ?? ''
}
const clientPath = async (world: World) => {
  const [client] = await read<{ id: string }[]>(world, '/clients?clientId=cloakroom')
  return `/clients/${client?.id ?? ''}`
}
async function giveRoleToGroup(world: World) {
  const path = `/groups/${await groupId(world)}/role-mappings/realm`
  await change(world, 'POST', path, await roleNamed(world, 'customer'))
}
/** What was issued until now is refused; Keycloak spares what was issued in the very second that it is given. */
const nextSecond = () => Math.floor(Date.now() / 1000) + 1

export const acts = {
  disable: (world, id) => change(world, 'PUT', `/users/${id}`, { enabled: false }),
  remove: (world, id) => change(world, 'DELETE', `/users/${id}`),
  resetPassword: (world, id) =>
    change(world, 'PUT', `/users/${id}/reset-password`, {
      type: 'password',
      value: 'quite-another-1',
      temporary: false,
    }),
  putPassword: (world, id) =>
    change(world, 'PUT', `/users/${id}`, { credentials: [{ type: 'password', value: 'quite-another-1' }] }),
  /** Sets the person's not-before too; Keycloak 26.7 has no other way to it. */
  signOut: (world, id) => change(world, 'POST', `/users/${id}/logout`),
  signOutEverybody: (world) => change(world, 'POST', '/logout-all'),
  async endSessions(world, id) {
    for (const session of await read<{ id: string }[]>(world, `/users/${id}/sessions`))
      await change(world, 'DELETE', `/sessions/${session.id}`)
  },
  setNotBeforeOfRealm: (world) => change(world, 'PUT', '', { notBefore: nextSecond() }),
  setNotBeforeOfClient: async (world) => change(world, 'PUT', await clientPath(world), { notBefore: nextSecond() }),
  async giveRole(world, id) {
    await change(world, 'POST', `/users/${id}/role-mappings/realm`, await roleNamed(world, 'customer'))
  },
  /** Besides what opens the API. */
  async giveAdmin(world, id) {
    const roles = [...(await roleNamed(world, 'customer')), ...(await roleNamed(world, 'admin'))]
    await change(world, 'POST', `/users/${id}/role-mappings/realm`, roles)
  },
  rename: (world, id) => change(world, 'PUT', `/users/${id}`, { lastName: 'Renamed' }),
  async takeRole(world, id) {
    await change(world, 'DELETE', `/users/${id}/role-mappings/realm`, await roleNamed(world, 'customer'))
  },
  async joinGroup(world, id) {
    await giveRoleToGroup(world)
    await change(world, 'PUT', `/users/${id}/groups/${await groupId(world)}`)
  },
  leaveGroup: async (world, id) => change(world, 'DELETE', `/users/${id}/groups/${await groupId(world)}`),
  async takeRoleFromGroup(world) {
    const path = `/groups/${await groupId(world)}/role-mappings/realm`
    await change(world, 'DELETE', path, await roleNamed(world, 'customer'))
  },
  async giveComposite(world, id) {
    await change(world, 'POST', '/roles/admin/composites', await roleNamed(world, 'customer'))
    await change(world, 'POST', `/users/${id}/role-mappings/realm`, await roleNamed(world, 'admin'))
  },
  async takeFromComposite(world) {
    await change(world, 'DELETE', '/roles/admin/composites', await roleNamed(world, 'customer'))
  },
  /** Logout tokens go nowhere from now on. */
  async loseLogoutTokens(world) {
    await change(world, 'PUT', await clientPath(world), { attributes: { 'backchannel.logout.url': '' } })
  },
} satisfies Record<string, Act>
