import type { Database } from '../database/open-database.ts'

/** Where the other chains are, by writer: the number and the hash of the last row. */
export type ChainHeads = Record<string, readonly [seq: number, hash: string]>

export interface HeadsOfOthers {
  heads: ChainHeads
  /** The last row of each that is worth a checkpoint. */
  eventSeqs: ReadonlyMap<string, number>
}

const MOST = 200

/** The newest heads of the chains that others write, except for those that retention took wholly; 200 at the most. */
export async function headsOfOthers({ db }: Database, writer: string): Promise<HeadsOfOthers> {
  const chains = await db
    .selectFrom('audit_chain')
    .select(['writer', 'head_seq', 'head_hash', 'event_seq'])
    .where('writer', '<>', writer)
    .whereRef('head_seq', '>', 'pruned_seq')
    .orderBy('head_at', 'desc')
    .limit(MOST)
    .execute()
  return {
    heads: Object.fromEntries(chains.map((chain) => [chain.writer, [chain.head_seq, chain.head_hash] as const])),
    eventSeqs: new Map(chains.map((chain) => [chain.writer, chain.event_seq])),
  }
}
