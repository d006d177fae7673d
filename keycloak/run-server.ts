import { connectAdmin, explainRefusal } from './apply/admin-connection.ts'
import { createRealm } from './apply/create-realm.ts'
import { loadRealmFile } from './realm-file.ts'
import type { Realm } from './realm-schema.ts'
import { forgetServerData } from './server/server-home.ts'
import { readServerOptions, SERVER_HELP } from './server/server-options.ts'
import { type RunningKeycloak, startKeycloak } from './server/start-keycloak.ts'
import { welcome } from './server/welcome.ts'

/** `npm run keycloak`: a real Keycloak with the realm of the file, until it is stopped. */
async function main(): Promise<void> {
  const { realmFile, fresh, help, ...options } = readServerOptions(process.argv.slice(2), process.env)
  if (help) return console.log(SERVER_HELP)
  // Read first: a mistake in the file is told at once, not after the start.
  const realm = await loadRealmFile(realmFile, process.env)
  let server: RunningKeycloak | undefined
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // While the server is still starting there is nothing to finish; leaving ends it.
      if (server === undefined) process.exit(130)
      if (stopping) return
      stopping = true
      console.log('\nStopping Keycloak …')
      server.stop().catch(fail)
    })
  }
  if (fresh) await forgetServerData(options.dataDir)
  server = await startKeycloak({ ...options, log: (line) => console.log(line) })
  const created = await importRealm(server, realm)
  console.log(welcome(server, realm, { created }))
  const code = await server.exited
  if (stopping) console.log('Keycloak has stopped.')
  else throw new Error(`Keycloak has ended by itself (exit code ${code}); its log is ${server.logFile}`)
}

async function importRealm({ url, adminUser, adminPassword, stop }: RunningKeycloak, realm: Realm): Promise<boolean> {
  try {
    const admin = await connectAdmin({
      url,
      admin: { username: adminUser, password: adminPassword },
      realm: realm.realm,
    })
    return await createRealm({ admin, realm: realm.realm, changed: () => undefined }, realm)
  } catch (error) {
    await stop()
    const hint = 'The administrator is the one of the first start with these data; --fresh forgets them.'
    throw new Error(`The realm ${realm.realm} cannot be imported. ${explainRefusal(error).message}\n${hint}`, {
      cause: error,
    })
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

await main().catch(fail)
