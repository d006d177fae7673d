import type { Database } from '../database/open-database.ts'
import type { Log } from '../observability/log.ts'
import { type ChainHeads, headsOfOthers } from './chain-heads.ts'
import type { ChainWriter } from './chain-writer.ts'

export interface CheckpointsParts {
  database: Database
  writer: Pick<ChainWriter, 'writer' | 'head'>
  push: (after: { heads: ChainHeads }) => void
  log: Log
}

/**
 * Notes in this chain where the others are, so that none of them can be cut or taken away without contradicting this one.
 * Only chains in which something happened since are noted: idle instances do not answer each other for ever. The own head
 * goes to the log, for those who keep it elsewhere.
 */
export function createCheckpoints({ database, writer, push, log }: CheckpointsParts) {
  const noted = new Map<string, number>()
  let logged = ''
  return {
    async write(): Promise<void> {
      // Also for its own sake: tables that could not be made at start are made now.
      await database.ready()
      const { seq, hash } = writer.head()
      if (hash !== logged) log.info('head of the audit chain', { writer: writer.writer(), seq, hash })
      logged = hash
      const { heads, eventSeqs } = await headsOfOthers(database, writer.writer())
      const news = [...eventSeqs].filter(([name, seqOfEvent]) => seqOfEvent > (noted.get(name) ?? 0))
      if (news.length === 0) return
      push({ heads: Object.fromEntries(news.map(([name]) => [name, heads[name] ?? [0, '']])) })
      for (const [name, seqOfEvent] of news) noted.set(name, seqOfEvent)
    },
  }
}
