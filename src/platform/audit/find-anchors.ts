import type { Database } from '../database/open-database.ts'
import { rowName } from './audit-finding.ts'
import { HOUSEKEEPING } from './chain-writer.ts'
import type { Anchor } from './check-chain.ts'

type Db = Database['db']

export interface FoundAnchor extends Anchor {
  /** The key under which the noting row is signed; empty for none. */
  keyId: string
}

const PAGE = 500

/** What the chains noted of each other: for every pair the newest note, because one hash vouches for all before it. */
export async function findAnchors(db: Db): Promise<FoundAnchor[]> {
  const newest = new Map<string, FoundAnchor>()
  for (let after = { writer: '', seq: 0 }; ; ) {
    const rows = await db
      .selectFrom('audit_event')
      .select(['writer', 'seq', 'key_id', 'after'])
      .where('action', 'in', HOUSEKEEPING)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('writer', 'seq'), '>', tuple(after.writer, after.seq)))
      .orderBy('writer')
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of rows) {
      for (const [writer, seq, hash] of headsIn(row.after)) {
        const pair = `${row.writer} ${writer}`
        if ((newest.get(pair)?.seq ?? 0) >= seq) continue
        newest.set(pair, { writer, seq, hash, by: rowName(row.writer, row.seq), keyId: row.key_id })
      }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return [...newest.values()]
    after = last
  }
}

/** What is malformed was changed, which the check of its row finds. */
function headsIn(text: string | null): [writer: string, seq: number, hash: string][] {
  try {
    const { heads } = JSON.parse(text ?? '{}') as { heads?: unknown }
    if (heads === null || typeof heads !== 'object') return []
    return Object.entries(heads).flatMap(([writer, head]) => {
      const [seq, hash] = Array.isArray(head) ? head : []
      return Number.isSafeInteger(seq) && typeof hash === 'string' ? [[writer, seq as number, hash]] : []
    })
  } catch {
    return []
  }
}
