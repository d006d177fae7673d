import { OPERATOR, realmWithTool } from '../journeys/world/clients-desk.ts'
import { startStandIn } from '../journeys/world/provider-server.ts'
import { createWorld, type World } from '../journeys/world/world.ts'
import { failOnMisfits, takeSeen } from '../support/api-contract/misfits.ts'
import { startMailCatcher } from '../support/mail-catcher.ts'
import { CALLERS, type Caller, lendCredentials } from './callers.ts'
import { type FuzzOptions, readOptions } from './options.ts'
import { fuzz, installSchemathesis } from './schemathesis.ts'

const HOUR = 3_600
/** Limits would answer instead of the endpoints. */
const SETTINGS = {
  ...OPERATOR,
  ...Object.fromEntries(
    ['DEFAULT', 'LOGIN', 'MAILS', 'BACKCHANNEL', 'MANAGEMENT', 'AUTH_FAILURES'].map((name) => [
      `RATE_LIMIT_${name}`,
      'off',
    ]),
  ),
  KEYCLOAK_REALM_CLIENT_ID: 'cloakroom-realm',
  KEYCLOAK_REALM_CLIENT_SECRET: 'demo-realm-secret-change-me',
  REGISTRATION: 'on',
  LOG_LEVEL: 'warn',
}

/** `npm run fuzz:api`: a whole gateway with Redis before the stand-in of Keycloak, and Schemathesis before it. */
async function fuzzApi(options: FuzzOptions): Promise<boolean> {
  await installSchemathesis()
  const provider = await startStandIn()
  const mail = await startMailCatcher()
  const overrides = { ...realmWithTool(), smtpServer: mail.smtpServer, accessTokenLifespan: HOUR }
  const world = await createWorld(provider, { ...overrides, bruteForceProtected: false }, SETTINGS)
  const verdicts: string[] = []
  for (const caller of CALLERS.filter(({ name }) => options.caller === undefined || name === options.caller)) {
    process.stdout.write(`\n━━ ${caller.name}, seed ${options.seed}\n`)
    if (!(await letLoose(caller, world, options))) verdicts.push(caller.name)
    process.stdout.write(`\n${caller.name}: ${summary(takeSeen())}\n`)
  }
  const failures = world.gateway.logged().filter(({ level }) => level === 'error')
  for (const line of failures.slice(0, 20)) process.stdout.write(`${JSON.stringify(line)}\n`)
  await world.close()
  await mail.close()
  await provider.close()
  process.stdout.write(verdict(verdicts, options))
  failOnMisfits()
  return verdicts.length === 0
}

async function letLoose(caller: Caller, world: World, { seconds, seed, caller: only }: FuzzOptions): Promise<boolean> {
  const lender = await lendCredentials(() => caller.credentials(world))
  try {
    return await fuzz({
      ...{ url: world.gateway.url, seed, credentials: lender.url, operations: caller.operations },
      seconds: only === undefined ? Math.max(5, Math.round(seconds * caller.share)) : seconds,
    })
  } finally {
    lender.close()
  }
}

/** Shows that the caller came further than the door. */
function summary(seen: ReturnType<typeof takeSeen>): string {
  const byStatus = [...Map.groupBy(seen, ({ status }) => status)].sort(([a], [b]) => a - b)
  const served = new Set(seen.filter(({ status }) => status < 400).map(({ operationId }) => operationId))
  const counts = byStatus.map(([status, some]) => `${some.length} × ${status}`).join(', ')
  return `${seen.length} answers (${counts}); ${served.size} operations succeeded at least once`
}

function verdict(failed: readonly string[], { seed, seconds }: FuzzOptions): string {
  if (failed.length === 0) return `\nNo 5xx, no status and no answer that is not described (seed ${seed}).\n`
  const again = `npm run fuzz:api -- --seed ${seed} --minutes ${seconds / 60}`
  return `\nFailed as: ${failed.join(', ')}. The same once more: ${again}\n`
}

try {
  process.exitCode = (await fuzzApi(readOptions(process.argv.slice(2)))) ? 0 : 1
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
