import type { Database } from '../database/open-database.ts'
import type { AuditEventRow } from '../database/tables.ts'
import type { AuditFinding } from './audit-finding.ts'
import { type Anchor, createChainCheck } from './check-chain.ts'
import { type FoundAnchor, findAnchors } from './find-anchors.ts'
import type { RowHash } from './row-hash.ts'

type Db = Database['db']

export interface VerifyAuditParts {
  database: Database
  rowHash: RowHash
  /** Heads that the operator knows from elsewhere, such as the log or an earlier check. */
  known?: readonly Anchor[]
  /** Called once in a while with how much is done. */
  onProgress?: (done: number, all: number) => void
}

export interface AuditVerdict {
  rows: number
  findings: AuditFinding[]
  /** Where each chain ends; given to the next check, they show whether any was cut since. */
  heads: { writer: string; seq: number; hash: string; keyId: string }[]
}

const PAGE = 1_000

/**
 * Checks every row of every chain, in one snapshot, while the gateway goes on writing. Finds rows that were changed, that
 * are missing, were inserted or swapped, and chains that were cut or taken away as far as another chain, the chain's entry
 * or a known head tells of them.
 */
export async function verifyAudit({
  database,
  rowHash,
  known = [],
  onProgress,
}: VerifyAuditParts): Promise<AuditVerdict> {
  const snapshot = database.db.transaction().setAccessMode('read only')
  // SQLite has one level only, and it is this one.
  return (database.kind === 'postgres' ? snapshot.setIsolationLevel('repeatable read') : snapshot).execute(
    async (db) => {
      const verdict: AuditVerdict = { rows: 0, findings: [], heads: [] }
      const report = (finding: AuditFinding) => verdict.findings.push(finding)
      const { all } = await db
        .selectFrom('audit_event')
        .select(({ fn }) => fn.countAll<number>().as('all'))
        .executeTakeFirstOrThrow()
      const found = await findAnchors(db)
      const anchors: Anchor[] = [...found, ...known]
      const chains = new Map(
        (await db.selectFrom('audit_chain').selectAll().execute()).map((chain) => [chain.writer, chain]),
      )
      const writers = new Set([...chains.keys(), ...anchors.map(({ writer }) => writer), ...(await writersOf(db))])
      for (const writer of [...writers].sort()) {
        const chain = chains.get(writer)
        const check = createChainCheck({
          writer,
          chain,
          anchors: anchors.filter((anchor) => anchor.writer === writer),
          rowHash,
          report,
          placesOf: (row) => placesOf(db, row),
        })
        let seen = 0
        for await (const row of rowsOf(db, writer)) {
          await check.row(row)
          seen++
          if (++verdict.rows % PAGE === 0) onProgress?.(verdict.rows, all)
        }
        if (chain === undefined && seen === 0) reportTaken(writer, anchors, report)
        else check.end()
        const head = check.head()
        verdict.heads.push(head)
        if (rowHash.isKeyed) checkKeyed(head, found, report)
      }
      return verdict
    },
  )
}

function reportTaken(writer: string, anchors: readonly Anchor[], report: (finding: AuditFinding) => void): void {
  const notes = anchors.filter((anchor) => anchor.writer === writer)
  const by = notes.map((anchor) => `${anchor.by} noted it at ${anchor.seq}`).join(', ')
  report({ kind: 'cut', writer, seq: 0, what: `the whole chain is gone: ${by}` })
}

/** With a key, a chain without one may only be older than the key: a signed row has to have noted where it ends. */
function checkKeyed(
  { writer, seq, keyId }: AuditVerdict['heads'][number],
  anchors: readonly FoundAnchor[],
  report: (finding: AuditFinding) => void,
): void {
  if (keyId !== '' || anchors.some((note) => note.writer === writer && note.keyId !== '' && note.seq >= seq)) return
  const what = 'the chain is not signed, although there is a key, and no signed row notes where it ends'
  report({ kind: 'unproven', writer, seq: 0, what })
}

/** The names of all writers that have rows, found by jumping over the rows of each. */
async function writersOf(db: Db): Promise<string[]> {
  const writers: string[] = []
  // Whoever inserts rows may name their writer as they like, even by nothing.
  for (let last: string | undefined; ; ) {
    const names = db.selectFrom('audit_event').select('writer').orderBy('writer').limit(1)
    const next = await (last === undefined ? names : names.where('writer', '>', last)).executeTakeFirst()
    if (next === undefined) return writers
    writers.push(next.writer)
    last = next.writer
  }
}

async function* rowsOf(db: Db, writer: string): AsyncGenerator<AuditEventRow> {
  // From the very first, although a chain begins at 1: what stands before was inserted.
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const rows = await db
      .selectFrom('audit_event')
      .selectAll()
      .where('writer', '=', writer)
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    yield* rows
    if (rows.length < PAGE) return
    last = rows.at(-1)?.seq ?? last
  }
}

/** After the row with its previous hash, or, where neighbours changed places, beside where it is. */
async function placesOf(db: Db, row: AuditEventRow): Promise<number[]> {
  const before = await db
    .selectFrom('audit_event')
    .select('seq')
    .where('writer', '=', row.writer)
    .where('hash', '=', row.prev_hash)
    .executeTakeFirst()
  return [row.prev_hash === '' ? 1 : (before?.seq ?? -1) + 1, row.seq + 1, row.seq - 1]
}
