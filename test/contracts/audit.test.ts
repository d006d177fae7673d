import { needPostgres } from '../support/postgres-server.ts'
import { auditContract } from './audit-contract.ts'
import { auditRetentionContract } from './audit-retention-contract.ts'
import { auditTamperingContract } from './audit-tampering-contract.ts'
import { type AuditDatabases, postgres, sqliteFile, sqliteInMemory } from './audit-world.ts'

const DATABASES: Record<string, () => AuditDatabases> = {
  'SQLite in memory': sqliteInMemory,
  'an SQLite file': sqliteFile,
  PostgreSQL: () => postgres(needPostgres),
}

for (const [name, databases] of Object.entries(DATABASES)) {
  describe(`The audit trail in ${name}`, () => {
    const { before: start, after: stop, open } = databases()
    before(async function () {
      this.timeout(60_000)
      await start?.(this)
    })
    after(() => stop?.())

    auditContract(open)
    auditTamperingContract(open)
    auditRetentionContract(open)
  })
}
