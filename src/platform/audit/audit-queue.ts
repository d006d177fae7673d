import type { Log } from '../observability/log.ts'
import { requestStorage } from '../observability/request-context.ts'
import type { AuditEntry } from './audit-entry.ts'

export interface AuditQueueParts {
  append: (entries: readonly AuditEntry[]) => Promise<void>
  /** What an entry says that stands for lost ones. */
  gap: (lost: number, from: number, to: number) => AuditEntry
  onFailure: 'refuse' | 'spool'
  /** Entries kept while the database is away. */
  size: number
  log: Log
  onCount: (outcome: 'written' | 'spooled' | 'refused' | 'lost', count: number) => void
  onWaiting: (count: number) => void
  /** Milliseconds until a batch is written, and the longest pause between tries. */
  delays?: { batch: number; retry: number }
}

export interface AuditQueue {
  /** For what must not be waited for; lost (and counted) when the bound is reached. */
  push(entry: AuditEntry): void
  /** Answers when the entry is stored, or under `spool` is kept for later. @throws AuditNotWritten */
  store(entry: AuditEntry): Promise<void>
  /** Tries to write what is waiting; answers whether nothing is left. */
  flush(): Promise<boolean>
  isFailing(): boolean
  stop(): void
}

/** The entry of an administrative write could not be stored. */
export class AuditNotWritten extends Error {
  constructor(cause?: unknown) {
    super('the audit trail cannot be written', { cause })
    this.name = 'AuditNotWritten'
  }
}

interface Waiting {
  entry: AuditEntry
  settle?: { resolve: () => void; reject: (error: AuditNotWritten) => void }
}

const BATCH = 200
const DELAYS = { batch: 50, retry: 15_000 }
const FIRST_RETRY_MS = 250

/** Entries on their way to the database, in order, a batch at a time; while it is away, as many as the bound allows. */
export function createAuditQueue(parts: AuditQueueParts): AuditQueue {
  const { append, gap, onFailure, size, log, onCount, onWaiting, delays = DELAYS } = parts
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let lost = { count: 0, from: 0, to: 0 }
  // Kept until it is stored: handed in again, the same object is stored once.
  let note: { entry: AuditEntry; count: number } | undefined

  function later(milliseconds: number): void {
    // What is written later belongs to no request.
    timer ??= requestStorage.exit(() => setTimeout(() => void flush(), milliseconds).unref())
  }

  function lose({ at }: AuditEntry): void {
    if (lost.count === 0)
      log.error('audit rows are being lost: the database is away and the bound is reached', { size })
    lost = { count: lost.count + 1, from: lost.from || at, to: at }
    onCount('lost', 1)
  }

  function failed(error: unknown): void {
    if (failures++ === 0) log.error('the audit trail cannot be written', { error, policy: onFailure })
    const awaited = waiting.filter(({ settle }) => settle !== undefined)
    if (onFailure === 'refuse') {
      waiting = waiting.filter(({ settle }) => settle === undefined)
      for (const { settle } of awaited) settle?.reject(new AuditNotWritten(error))
      onCount('refused', awaited.length)
    } else {
      onCount('spooled', awaited.length)
      for (const one of awaited) {
        one.settle?.resolve()
        delete one.settle
      }
    }
    while (waiting.length > size) lose((waiting.pop() as Waiting).entry)
    if (waiting.length > 0) later(Math.min(FIRST_RETRY_MS * 2 ** failures, delays.retry))
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0 || lost.count > 0) {
      const batch = waiting.slice(0, BATCH)
      // The note of what was lost stands where it would: after what was kept.
      if (batch.length === waiting.length && lost.count > 0)
        note ??= { entry: gap(lost.count, lost.from, lost.to), count: lost.count }
      const entries = batch.map(({ entry }) => entry)
      try {
        await append(note === undefined ? entries : [...entries, note.entry])
      } catch (error) {
        failed(error)
        return
      }
      waiting.splice(0, batch.length)
      for (const { settle } of batch) settle?.resolve()
      onCount('written', entries.length)
      if (failures > 0) log.info('the audit trail is written again', { failures, lost: note?.count ?? 0 })
      if (note !== undefined) lost = { count: lost.count - note.count, from: note.entry.at, to: lost.to }
      note = undefined
      failures = 0
    }
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    timer = undefined
    running ??= requestStorage.exit(drain).finally(() => {
      running = undefined
      onWaiting(waiting.length)
      // What came in after the last look and before this one.
      if (waiting.some(({ settle }) => settle !== undefined) || (waiting.length > 0 && failures === 0)) void flush()
    })
    await running
    return waiting.length === 0
  }

  return {
    push(entry) {
      if (waiting.length >= size) {
        lose(entry)
        return
      }
      waiting.push({ entry })
      if (failures === 0) later(delays.batch)
    },
    async store(entry) {
      if (waiting.length >= size && !(await flush())) {
        onCount('refused', 1)
        throw new AuditNotWritten()
      }
      const stored = new Promise<void>((resolve, reject) => {
        waiting.push({ entry, settle: { resolve, reject } })
      })
      void flush()
      await stored
    },
    flush,
    isFailing: () => failures > 0,
    stop: () => clearTimeout(timer),
  }
}
