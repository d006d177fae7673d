import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deriveRealm } from '../../keycloak/derive-realm.ts'
import { readRealm } from '../../keycloak/realm-file.ts'
import { startKeycloak } from '../../keycloak/server/start-keycloak.ts'
import { freePort } from '../parts/free-port.ts'

const REALM_FILE = 'keycloak/realms/demo-realm.json'
export const REALM = 'bench'

/** A real Keycloak with the demo realm and some hundred users. */
export interface RealKeycloak {
  url: string
  /** Ids of the users that only the benchmark knows. */
  userIds: readonly string[]
  /** A token of the gateway's own service account, by client credentials. */
  adminToken(): Promise<string>
  stop(): Promise<void>
}

export interface RealKeycloakOptions {
  folder: string
  core: number
  users: number
  /** Where the gateways are that people come back to after signing in. */
  publicUrls: readonly [string, ...string[]]
  say: (line: string) => void
}

/** @throws Error when Java is missing or Keycloak does not start */
export async function startRealKeycloak({ folder, core, users, publicUrls, say }: RealKeycloakOptions) {
  const [port, managementPort] = [await freePort(), await freePort()]
  const server = await startKeycloak({ port, managementPort, dataDir: join(folder, 'keycloak'), log: say })
  try {
    await promisify(execFile)('taskset', ['-a', '-p', '-c', String(core), String(await javaOf(server.pid))])
    const call = caller(server.url, server)
    const demo = readRealm(readFileSync(REALM_FILE, 'utf8'), {}, REALM_FILE)
    const [publicUrl, ...others] = publicUrls
    const realm = deriveRealm(demo, { name: REALM, publicUrl, overrides: { accessTokenLifespan: 3600 } })
    for (const client of realm.clients ?? [])
      if (client.clientId === 'cloakroom') client.redirectUris?.push(...others.map((url) => `${url}/callback`))
    await call('POST', '', realm)
    await call('POST', `/${REALM}/partialImport`, { ifResourceExists: 'FAIL', users: people(users) })
    const found = (await (await call('GET', `/${REALM}/users?search=bench-&max=${users}`)).json()) as { id: string }[]
    return {
      url: server.url,
      userIds: found.map(({ id }) => id),
      adminToken: () =>
        tokenFrom(`${server.url}/realms/${REALM}`, {
          grant_type: 'client_credentials',
          client_id: 'cloakroom-admin',
          client_secret: 'demo-admin-secret-change-me',
        }),
      stop: () => server.stop(),
    } satisfies RealKeycloak
  } catch (error) {
    await server.stop()
    throw error
  }
}

function people(count: number) {
  return Array.from({ length: count }, (_, at) => ({
    username: `bench-${at}`,
    email: `bench-${at}@example.com`,
    emailVerified: true,
    firstName: 'Bench',
    lastName: `Number ${at}`,
    enabled: true,
  }))
}

function caller(url: string, { adminUser, adminPassword }: { adminUser: string; adminPassword: string }) {
  return async (method: string, path: string, body?: object): Promise<Response> => {
    const token = await tokenFrom(`${url}/realms/master`, {
      ...{ grant_type: 'password', client_id: 'admin-cli' },
      ...{ username: adminUser, password: adminPassword },
    })
    const response = await fetch(`${url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`Keycloak answered ${response.status} to ${method} ${path}`)
    return response
  }
}

async function tokenFrom(issuer: string, form: Record<string, string>): Promise<string> {
  const answer = await fetch(`${issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** kc.sh starts Java as its child. */
async function javaOf(pid: number): Promise<number> {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return Number(children[0]) || pid
}
