import { createStandIn } from '../../../../keycloak/stand-in/create-stand-in.ts'

/** A server that answers on Keycloak's paths, and an administrator of it. */
export type Server = {
  name: string
  url: string
  admin: { username: string; password: string }
  stop(): Promise<void>
}

async function startStandIn(): Promise<Server> {
  const admin = { username: 'admin', password: 'admin-of-the-tests' }
  const standIn = await createStandIn({ realms: [], admin, env: {} })
  return { name: 'stand-in', url: standIn.url, admin, stop: standIn.stop }
}

function realKeycloak(url: string): Server {
  const { KEYCLOAK_TEST_USER: username = 'admin', KEYCLOAK_TEST_PASSWORD: password = 'admin' } = process.env
  return { name: 'Keycloak', url: url.replace(/\/$/, ''), admin: { username, password }, stop: async () => undefined }
}

/**
 * Tells the same behaviour on the stand-in and, when `KEYCLOAK_TEST_URL` points to one, on a real Keycloak
 * (`KEYCLOAK_TEST_USER` and `KEYCLOAK_TEST_PASSWORD` of realm `master`; `admin` and `admin` if not set). What holds on one
 * only is a fault of the stand-in.
 */
export function onServers(title: string, tell: (server: () => Server) => void): void {
  const { KEYCLOAK_TEST_URL: url } = process.env
  const starts = { 'stand-in': startStandIn, ...(url ? { Keycloak: async () => realKeycloak(url) } : {}) }
  for (const [name, start] of Object.entries(starts)) {
    describe(`${title} (${name})`, () => {
      let server: Server | undefined
      before(async () => {
        server = await start()
      })
      tell(() => {
        if (!server) throw new Error('The server is only there while tests run.')
        return server
      })
      // After those of the tests, which still need it to clean up.
      after(async () => server?.stop())
    })
  }
}
