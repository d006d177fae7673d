import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { auditVerdict, parseKnownHead } from './platform/audit/audit-verdict.ts'
import { createRowHash } from './platform/audit/row-hash.ts'
import { verifyAudit } from './platform/audit/verify-audit.ts'
import { ConfigError } from './platform/config/config-error.ts'
import type { DatabaseConfig } from './platform/config/database-settings.ts'
import { loadConfig } from './platform/config/load-config.ts'
import { openDatabase } from './platform/database/open-database.ts'
import { silentLog } from './platform/observability/log.ts'

const QUERY_MS = 600_000

/**
 * `npm run audit:verify [-- --head WRITER:NUMBER:HASH …]`: checks the whole audit trail of the configured database while
 * the gateway goes on, and changes nothing. Exits 0 when all is in order, 1 when something is wrong or cannot be checked,
 * 78 when the configuration is wrong.
 */
try {
  const { values } = parseArgs({ options: { head: { type: 'string', multiple: true } } })
  const known = (values.head ?? []).map(parseKnownHead)
  const { audit, database: config } = loadConfig(process.env)
  checkIsThere(config)
  const database = openDatabase(config, { log: silentLog, queryTimeout: QUERY_MS })
  const rowHash = createRowHash(audit.hashKeys)
  const onProgress = (done: number, all: number) => process.stdout.write(`  ${done} of about ${all} rows\n`)
  const verdict = await verifyAudit({ database, rowHash, known, onProgress }).finally(() => database.close())
  process.stdout.write(auditVerdict(verdict, rowHash.isKeyed))
  process.exitCode = verdict.findings.length === 0 ? 0 : 1
} catch (error) {
  const isConfig = error instanceof ConfigError
  process.stderr.write(
    `${isConfig ? `${error.message}\nEvery setting is explained in docs/configuration.md.` : whyNot(error)}\n`,
  )
  process.exitCode = isConfig ? 78 : 1
}

/** A file that is not there must not be made, and then found to be in order. */
function checkIsThere(config: DatabaseConfig): void {
  if (config.kind === 'postgres') return
  if (config.file === ':memory:')
    throw new Error('DATABASE_URL is not set, so the trail lives in the memory of the gateway, out of reach')
  if (!existsSync(config.file)) throw new Error(`DATABASE_URL names ${config.file}, which does not exist`)
}

function whyNot(error: unknown): string {
  const { message = '', code } = error as { message?: string; code?: unknown }
  const reason = /no such table|relation .* does not exist/.test(message)
    ? 'there is none in this database yet; the gateway makes it at its first start'
    : message || String(code ?? error)
  return `The audit trail was not checked: ${reason}.`
}
