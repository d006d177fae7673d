import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKeycloak } from '../../../keycloak/server/start-keycloak.ts'
import { createStandIn } from '../../../keycloak/stand-in/create-stand-in.ts'
import { freePort } from '../../support/free-port.ts'

/** An identity provider that journeys run on; both answer on Keycloak's paths, the admin API included. */
export interface ProviderServer {
  readonly name: 'stand-in' | 'keycloak'
  /** On 127.0.0.1, which is another site than the gateway's localhost. */
  readonly url: string
  readonly admin: { username: string; password: string }
  /** Stops answering; what it knows of sessions stays. */
  goDown(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

export async function startStandIn(): Promise<ProviderServer> {
  const admin = { username: 'admin', password: 'admin-of-the-tests' }
  const standIn = await createStandIn({ realms: [], admin, env: {} })
  return {
    name: 'stand-in',
    url: standIn.url,
    admin,
    goDown: standIn.controls.goDown,
    comeBack: standIn.controls.comeBack,
    close: standIn.stop,
  }
}

export async function startRealKeycloak(): Promise<ProviderServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cloakroom-keycloak-'))
  const options = {
    port: await freePort(),
    managementPort: await freePort(),
    dataDir,
    log: (line: string) => void process.stdout.write(`  ${line}\n`),
  }
  let server = await startKeycloak(options)
  return {
    name: 'keycloak',
    url: server.url,
    admin: { username: server.adminUser, password: server.adminPassword },
    goDown: () => server.stop(),
    async comeBack() {
      server = await startKeycloak(options)
    },
    async close() {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
