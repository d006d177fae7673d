import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { sql } from 'kysely'
import { migrations } from '../../src/platform/database/migrations.ts'
import { type Database, openDatabase } from '../../src/platform/database/open-database.ts'
import { silentLog } from '../../src/platform/observability/log.ts'

const diagram = readFileSync(new URL('../../docs/diagrams/database.puml', import.meta.url), 'utf8')

/** What an entity of the diagram says: its columns with `*` for those that are never null, and its indexes. */
function drawn(table: string) {
  const [, inside = ''] = new RegExp(`^entity ${table} \\{\\n([^}]*)\\}`, 'm').exec(diagram) ?? []
  return {
    columns: [...inside.matchAll(/^ {2}(\* )?(\w+) : ([\w()]+)/gm)].map(
      ([, must = '', name = '', type = '']) => `${must}${name} ${type}`,
    ),
    indexes: [...inside.matchAll(/^ {2}(\w+ \(.+\))$/gm)].map(([, index = '']) => index),
  }
}

async function made({ db }: Database, table: string) {
  const { rows } = await sql<{ name: string; type: string; notnull: number; pk: number }>`
    select name, lower(type) as type, "notnull", pk from pragma_table_info(${table})`.execute(db)
  const indexes = await sql<{ name: string; columns: string }>`
    select l.name, (select group_concat(name, ', ') from (select name from pragma_index_info(l.name) order by seqno)) as columns
    from pragma_index_list(${table}) l where l.origin = 'c' order by l.name`.execute(db)
  return {
    columns: rows.map(({ name, type, notnull, pk }) => `${notnull || pk ? '* ' : ''}${name} ${type}`),
    indexes: indexes.rows.map(({ name, columns }) => `${name} (${columns})`),
  }
}

describe('The diagram of the database', () => {
  let database: Database
  before(async () => {
    database = openDatabase({ kind: 'sqlite', file: ':memory:' }, { log: silentLog })
    await database.ready()
  })
  after(() => database.close())

  it('draws every table that there is, and no other', async () => {
    const { rows } = await sql<{ name: string }>`
      select name from sqlite_master where type = 'table' and name not like '%lock' and name not like 'sqlite%'
      order by name`.execute(database.db)
    const entities = [...diagram.matchAll(/^entity (\w+) /gm)].map(([, name]) => name)
    expect(entities.toSorted()).to.deep.equal(rows.map(({ name }) => name))
  })

  for (const table of ['audit_event', 'audit_chain'])
    it(`draws ${table} as the migrations make it, with its indexes`, async () => {
      const { columns, indexes } = drawn(table)
      expect({ columns, indexes: indexes.toSorted() }).to.deep.equal(await made(database, table))
      expect(columns.length).to.be.greaterThan(10)
    })

  it('names every migration, in their order', () => {
    const named = [...diagram.matchAll(/^ {2}\d+\. (\S+)/gm)].map(([, name]) => name)
    expect(named).to.deep.equal(Object.keys(migrations))
  })
})
