import { type AdminCredentials, connectAdmin, explainRefusal } from './apply/admin-connection.ts'
import { applyClientScopes } from './apply/apply-client-scopes.ts'
import { applyClients } from './apply/apply-clients.ts'
import { applyGroups } from './apply/apply-groups.ts'
import { applyLocalization } from './apply/apply-localization.ts'
import { APPLY_HELP, readApplyOptions } from './apply/apply-options.ts'
import { applyRequiredActions } from './apply/apply-required-actions.ts'
import { applyRoles } from './apply/apply-roles.ts'
import { applyScopeMappings } from './apply/apply-scope-mappings.ts'
import { applySettings, ONLY_AT_CREATION } from './apply/apply-settings.ts'
import { applyUsers } from './apply/apply-users.ts'
import { createRealm } from './apply/create-realm.ts'
import { demoSecrets, isLoopback } from './apply/demo-secrets.ts'
import { createRoleDirectory } from './apply/role-directory.ts'
import type { Target } from './apply/target.ts'
import { loadRealmFile } from './realm-file.ts'
import type { Realm } from './realm-schema.ts'

type Application = { url: string; admin: AdminCredentials; realm: Realm; log?: (line: string) => void }

/** `created` when the realm was not there; `changes` has a line for each thing done and is empty when all was right. */
export type Applied = { created: boolean; changes: string[]; ignored: string[] }

/**
 * Brings the server at `url` to the realm: creates it in one call when it is missing, else repairs what differs.
 *
 * What the realm names is made so; what it does not name is left alone. Ids are kept, and so is every user who is already
 * there. `ignored` lists members that Keycloak only reads at the creation of a realm.
 *
 * @throws Error when the server cannot be reached, does not accept the administrator, or refuses a change.
 */
export async function applyRealm({
  url,
  admin: credentials,
  realm,
  log = () => undefined,
}: Application): Promise<Applied> {
  const admin = await connectAdmin({ url, admin: credentials, realm: realm.realm })
  const changes: string[] = []
  const changed = (what: string) => {
    changes.push(what)
    log(what)
  }
  const target: Target = { admin, realm: realm.realm, changed }
  try {
    if (await createRealm(target, realm)) return { created: true, changes, ignored: [] }
    await repair(target, realm)
    return { created: false, changes, ignored: ONLY_AT_CREATION.filter((member) => Object.hasOwn(realm, member)) }
  } catch (error) {
    throw explainRefusal(error)
  }
}

async function repair(target: Target, realm: Realm): Promise<void> {
  await applySettings(target, realm)
  await applyRequiredActions(target, realm)
  await applyLocalization(target, realm)
  const scopes = await applyClientScopes(target, realm)
  await applyClients(target, realm, scopes)
  const directory = createRoleDirectory(target.admin)
  const roles = await applyRoles(target, realm, directory)
  await applyScopeMappings(target, realm, scopes, directory)
  const groups = await applyGroups(target, realm, directory)
  await applyUsers(target, realm, directory, { roles, groups })
}

async function main(): Promise<void> {
  const { url, realmFile, admin, allowDemoSecrets, help } = readApplyOptions(process.argv.slice(2), process.env)
  if (help) return console.log(APPLY_HELP)
  const realm = await loadRealmFile(realmFile, process.env)
  const published = demoSecrets(realm)
  if (published.length > 0 && !isLoopback(url) && !allowDemoSecrets) {
    throw new Error(
      `${realmFile} has published demo secrets (${published.join(', ')}) and ${url} is not on this machine.\n` +
        'Put own ones in, or repeat with --allow-demo-secrets if nobody else can reach that server.',
    )
  }
  console.log(`Applying the realm ${realm.realm} to ${url} …`)
  const { changes, ignored } = await applyRealm({ url, admin, realm, log: (line) => console.log(`  ${line}`) })
  for (const member of ignored) console.log(`  ${member}: not compared, Keycloak reads it only when a realm is created`)
  console.log(`${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`)
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
