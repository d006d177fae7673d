/** Every table of the gateway's database, as Kysely sees it. `bigint` columns come back as numbers on both databases. */
export interface Tables {
  audit_event: AuditEventRow
  audit_chain: AuditChainRow
}

/** One audited event; never changed, only removed in whole prefixes of a chain. */
export interface AuditEventRow {
  /** The process that wrote it: a chain of its own. */
  writer: string
  /** 1, 2, 3 … within the chain. */
  seq: number
  /** Milliseconds since the epoch. */
  at: number
  actor_kind: string
  actor_id: string | null
  actor_username: string | null
  actor_client: string | null
  action: string
  target_kind: string | null
  target_id: string | null
  outcome: string
  /** JSON. */
  before: string | null
  /** JSON. */
  after: string | null
  address: string | null
  correlation_id: string | null
  /** Names the key of `hash`; empty for plain SHA-256. */
  key_id: string
  /** `hash` of the row before, or the empty string for the first. */
  prev_hash: string
  /** Over every other column. */
  hash: string
}

/** One writer's chain: its head, and what retention took from its beginning. */
export interface AuditChainRow {
  writer: string
  key_id: string
  head_seq: number
  head_hash: string
  /** When the head was written; milliseconds since the epoch. */
  head_at: number
  /** The last row that is not a checkpoint: only what happened since is worth another checkpoint. */
  event_seq: number
  /** Over all of the above. */
  head_proof: string
  /** The last row that retention removed; 0 for none. */
  pruned_seq: number
  pruned_hash: string
  pruned_at: number | null
  pruned_key_id: string
  /** Over the writer and what retention noted. */
  pruned_proof: string
}
