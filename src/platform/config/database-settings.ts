import { z } from 'zod'
import { commaList, setting, wholeNumber } from './setting.ts'

const group = 'Database and audit'

/** Where durable data lives: a PostgreSQL, by so many connections, or an SQLite file (`:memory:` for none). */
export type DatabaseConfig = { kind: 'postgres'; url: string; connections?: number } | { kind: 'sqlite'; file: string }

/** @param database where it is, as `DATABASE_URL` says */
export function toDatabaseConfig(database: DatabaseConfig | undefined, connections: number): DatabaseConfig {
  if (database === undefined) return { kind: 'sqlite', file: ':memory:' }
  return database.kind === 'postgres' ? { ...database, connections } : database
}

const SQLITE = /^sqlite:(?:\/\/(?=\/))?((?!\/\/)[^?#\s]+)$/
const POSTGRES = /^postgres(?:ql)?:\/\/.+/

const databaseUrl = z
  .string()
  .transform((text, context): DatabaseConfig => {
    const file = SQLITE.exec(text)?.[1]
    if (file !== undefined) return { kind: 'sqlite', file }
    if (POSTGRES.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text }
    context.addIssue({
      code: 'custom',
      message:
        'must be postgres://user:password@host:port/database, or sqlite: and a file such as sqlite:./data/cloakroom.db',
    })
    return z.NEVER
  })
  .optional()

export const databaseSettings = {
  DATABASE_URL: setting(databaseUrl, {
    group,
    secret: 'in-address',
    example: 'postgres://cloakroom:password@127.0.0.1:5432/cloakroom',
    doc: 'Where the audit trail is kept: PostgreSQL, or for a single instance an SQLite file such as `sqlite:./data/cloakroom.db`. Without it the trail lives in this process and ends with it, and the gateway says so at start. Tables are made and changed at start.',
  }),
  DATABASE_POOL_SIZE: setting(wholeNumber(5, 1, 100, 'connections'), {
    group,
    doc: 'Connections to PostgreSQL that one instance keeps at most; each is made anew after an hour. With n instances the database has to allow n times as many, and one more for each that starts.',
  }),
  AUDIT_ON_FAILURE: setting(z.enum(['refuse', 'spool'], 'must be refuse or spool').default('refuse'), {
    group,
    doc: 'What happens to administrative writes while the audit trail cannot be written: `refuse` answers 503 before anything is changed, `spool` goes on and writes the rows later. Sign-ins always go on.',
  }),
  AUDIT_SPOOL_SIZE: setting(wholeNumber(10_000, 1, 1_000_000, 'rows'), {
    group,
    doc: 'Rows kept in memory while the database is away. When it is full, sign-ins are no longer recorded (they are counted), and administrative writes are refused.',
  }),
  AUDIT_RETENTION_DAYS: setting(wholeNumber(365, 0, 36_500, 'days'), {
    group,
    doc: 'Days after which audit rows are removed; 0 keeps them for ever. What was removed is noted, so that `npm run audit:verify` still passes. Without `DATABASE_URL` it is an hour.',
  }),
  AUDIT_HASH_KEYS: setting(
    commaList().refine(
      (keys) => keys.every((key) => /^[A-Za-z0-9+/]{43}=$/.test(key)),
      'each key must be 32 bytes in base64; make one with: openssl rand -base64 32',
    ),
    {
      group,
      secret: true,
      example: '',
      doc: 'Keys (comma list of 32 bytes in base64) of the hash chain: the first one signs new rows, all verify. Without a key somebody who may write to the database can forge the whole trail.',
    },
  ),
}
