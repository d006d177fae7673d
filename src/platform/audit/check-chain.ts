import type { AuditChainRow, AuditEventRow } from '../database/tables.ts'
import { type AuditFinding, rowName } from './audit-finding.ts'
import type { RowHash } from './row-hash.ts'

/** What somebody else knows of a row: another chain, or the operator. */
export interface Anchor {
  writer: string
  seq: number
  hash: string
  /** Who says so. */
  by: string
}

export interface ChainCheckParts {
  writer: string
  chain: AuditChainRow | undefined
  anchors: readonly Anchor[]
  rowHash: RowHash
  report: (finding: AuditFinding) => void
  /** The numbers that a row may have had, by its previous hash. */
  placesOf: (row: AuditEventRow) => Promise<readonly number[]>
}

/** Checks one chain row by row, in the order of their numbers, in constant memory. */
export function createChainCheck({ writer, chain, anchors, rowHash, report, placesOf }: ChainCheckParts) {
  const say = (kind: AuditFinding['kind'], seq: number, what: string) => report({ kind, writer, seq, what })
  const prunedSeq = chain?.pruned_seq ?? 0
  let last = { seq: prunedSeq, hash: chain?.pruned_hash ?? '' }
  let keyId: string | undefined
  let unlinked = false
  /** Rows in a row that stand equally far from where they belong: one thing happened to them, not many. */
  let moved: { from: number; shift: number; count: number } | undefined

  function checkNotes(): void {
    if (chain === undefined) {
      say(
        'inserted',
        0,
        'rows of a chain that was never begun: they were inserted, or its entry in audit_chain was deleted',
      )
      return
    }
    const notes = [
      { name: 'head', fit: rowHash.fitsHead(chain), key: chain.key_id, of: chain.head_seq },
      { name: 'beginning', fit: rowHash.fitsPruned(chain), key: chain.pruned_key_id, of: prunedSeq },
    ]
    for (const { name, fit, key } of notes.filter(({ of }) => of > 0)) {
      if (fit === 'wrong') say('unproven', 0, `the note of its ${name} in audit_chain was changed`)
      else if (fit === 'unknown-key') say('unknown-key', 0, `the note of its ${name} is signed by ${foreign(key)}`)
      // Whoever has no key can write a note that needs none.
      else if (key === '' && rowHash.isKeyed && keyId !== '')
        say('unproven', 0, `the note of its ${name} in audit_chain is not signed`)
    }
  }

  async function checkContent(row: AuditEventRow): Promise<void> {
    if (keyId !== undefined && row.key_id !== keyId)
      say('changed', row.seq, `it is signed with another key (${row.key_id || 'none'}) than the rows before it`)
    keyId ??= row.key_id
    const fit = rowHash.fitsRow(row)
    if (fit === 'good') return
    if (fit === 'unknown-key') say('unknown-key', row.seq, `it is signed by ${foreign(row.key_id)}`)
    else {
      const shift = await shiftOf(row)
      if (shift === undefined) say('changed', row.seq, 'its content does not fit its hash')
      else if (moved?.shift === shift) moved.count++
      else {
        tellMoved()
        moved = { from: row.seq, shift, count: 1 }
      }
    }
    // What follows cannot link to it, which says nothing new.
    unlinked = true
  }

  /** How far the place where it belongs is from where it stands. */
  async function shiftOf(row: AuditEventRow): Promise<number | undefined> {
    const belongsAt = (seq: number) => rowHash.fitsRow({ ...row, seq }) === 'good'
    if (moved !== undefined && belongsAt(row.seq + moved.shift)) return moved.shift
    const place = (await placesOf(row)).find(belongsAt)
    return place === undefined ? undefined : place - row.seq
  }

  function tellMoved(): void {
    if (moved === undefined) return
    const { from, shift, count } = moved
    moved = undefined
    const these = `this row and the ${count - 1} after it`
    if (count === 1) say('swapped', from, `this is the row that belongs at ${rowName(writer, from + shift)}`)
    else if (shift < 0) say('inserted', from, `${these} stand ${-shift} too far back: as many were put in before`)
    else say('missing', from, `${these} stand ${shift} too far ahead: as many were taken out before, and renumbered`)
  }

  return {
    async row(row: AuditEventRow): Promise<void> {
      if (row.seq <= prunedSeq) {
        const why =
          prunedSeq === 0 ? 'rows are numbered from 1' : `retention had removed everything through ${prunedSeq}`
        say('inserted', row.seq, `${why}; this is number ${row.seq}`)
        return
      }
      if (chain !== undefined && row.seq > chain.head_seq)
        say('inserted', row.seq, `the chain ends at ${chain.head_seq}`)
      const gap = row.seq - last.seq - 1
      if (gap > 0)
        say('missing', last.seq + 1, gap === 1 ? 'the row is gone' : `${gap} rows are gone, through ${row.seq - 1}`)
      const wasUnlinked = unlinked
      unlinked = false
      await checkContent(row)
      if (gap === 0 && row.prev_hash !== last.hash && !wasUnlinked && !unlinked)
        say('changed', last.seq, `the row after it was linked to another one: it was rewritten or replaced`)
      last = { seq: row.seq, hash: row.hash }
      for (const anchor of anchors)
        if (anchor.seq === row.seq && anchor.hash !== row.hash)
          say(
            'changed',
            row.seq,
            `it is not the row that ${anchor.by} noted: the chain was rewritten up to here or beyond`,
          )
    },

    /** After the last row. */
    end(): void {
      tellMoved()
      checkNotes()
      for (const { seq, hash, by } of anchors) {
        if (seq === prunedSeq && seq > 0 && hash !== chain?.pruned_hash)
          say('changed', seq, `retention removed another row than the one that ${by} noted`)
        if (seq > last.seq) say('cut', last.seq + 1, `${by} noted the chain at ${seq}, but it ends at ${last.seq}`)
      }
      if (chain === undefined) return
      if (last.seq < chain.head_seq)
        say('cut', last.seq + 1, `the chain's entry says that it goes on to ${chain.head_seq}`)
      else if (last.seq === chain.head_seq && last.hash !== chain.head_hash)
        say('changed', last.seq, "it is not the row that the chain's entry names as its head")
    },

    head: () => ({ writer, ...last, keyId: keyId ?? chain?.key_id ?? '' }),
  }
}

function foreign(key: string): string {
  return `key ${key}, which AUDIT_HASH_KEYS does not hold`
}
