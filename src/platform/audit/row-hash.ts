import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { AuditChainRow, AuditEventRow } from '../database/tables.ts'
import { canonicalJson } from './canonical-json.ts'

type Unhashed = Omit<AuditEventRow, 'hash'>
type Head = Pick<AuditChainRow, 'writer' | 'key_id' | 'head_seq' | 'head_hash' | 'event_seq' | 'head_at'>
type Pruned = Pick<AuditChainRow, 'writer' | 'pruned_seq' | 'pruned_hash' | 'pruned_at' | 'pruned_key_id'>

/** How well a hash fits: `unknown-key` when its key is not among the configured ones. */
export type Fit = 'good' | 'wrong' | 'unknown-key'

export interface RowHash {
  /** Names the key that signs; empty for plain SHA-256. */
  readonly keyId: string
  readonly isKeyed: boolean
  row(row: Unhashed): string
  head(head: Head): string
  pruned(pruned: Pruned): string
  fitsRow(row: AuditEventRow): Fit
  fitsHead(chain: AuditChainRow): Fit
  fitsPruned(chain: AuditChainRow): Fit
}

/**
 * The hash of rows, chain heads and notes of retention: HMAC-SHA-256 under the first key, or SHA-256 without one, over
 * the canonical JSON of every column.
 * @param keys the first one signs, all verify
 */
export function createRowHash(keys: readonly Buffer[]): RowHash {
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]))
  const keyId = keys[0] === undefined ? '' : keyIdOf(keys[0])

  const digest = (id: string, record: object): string | undefined => {
    const text = canonicalJson(record)
    if (id === '') return createHash('sha256').update(text).digest('hex')
    const key = byId.get(id)
    return key === undefined ? undefined : createHmac('sha256', key).update(text).digest('hex')
  }
  const sign = (record: object) => digest(keyId, record) ?? ''
  const fits = (id: string, record: object, hash: string): Fit => {
    const expected = digest(id, record)
    if (expected === undefined) return 'unknown-key'
    const [a, b] = [Buffer.from(expected), Buffer.from(hash)]
    return a.length === b.length && timingSafeEqual(a, b) ? 'good' : 'wrong'
  }

  return {
    keyId,
    isKeyed: keyId !== '',
    row: (row) => sign(rowRecord(row)),
    head: (head) => sign(headRecord(head)),
    pruned: (pruned) => sign(prunedRecord(pruned)),
    fitsRow: (row) => fits(row.key_id, rowRecord(row), row.hash),
    fitsHead: (chain) => fits(chain.key_id, headRecord(chain), chain.head_proof),
    fitsPruned: (chain) => fits(chain.pruned_key_id, prunedRecord(chain), chain.pruned_proof),
  }
}

function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('cloakroom audit key ').update(key).digest('hex').slice(0, 8)
}

// Each kind of record says what it is, so that none can be shown in place of another.
function rowRecord(row: Unhashed & { hash?: string }): object {
  const { hash: _own, ...columns } = row
  return { record: 'event', ...columns }
}

function headRecord({ writer, key_id, head_seq, head_hash, head_at, event_seq }: Head): object {
  return { record: 'head', writer, key_id, head_seq, head_hash, head_at, event_seq }
}

function prunedRecord({ writer, pruned_seq, pruned_hash, pruned_at, pruned_key_id }: Pruned): object {
  return { record: 'pruned', writer, pruned_seq, pruned_hash, pruned_at, pruned_key_id }
}
