import { sql } from 'kysely'
import type { AuditFinding } from '../../src/platform/audit/audit-finding.ts'
import { adaptHead, copy, type Db, drop, hashed, rehash, rowOf, set, swap } from './audit-forgery.ts'

type Finding = [kind: AuditFinding['kind'], writer: string, seq: number]

/** What somebody with the password of the database may do to chain `a` (10 rows), and what must be found. */
export const TAMPERINGS: [what: string, how: (db: Db, a: string) => Promise<unknown>, found: Finding[]][] = [
  ['an actor was changed', (db, a) => set(db, a, 4, { actor_username: 'mallory' }), [['changed', 'a', 4]]],
  ['an outcome was changed', (db, a) => set(db, a, 1, { outcome: 'failed' }), [['changed', 'a', 1]]],
  ['a time was changed', (db, a) => set(db, a, 10, { at: 1 }), [['changed', 'a', 10]]],
  [
    'a time became more than a number holds',
    (db, a) => sql`update audit_event set at = 9223372036854775807 where writer = ${a} and seq = 7`.execute(db),
    [['changed', 'a', 7]],
  ],
  ['a text was emptied', (db, a) => set(db, a, 7, { after: null }), [['changed', 'a', 7]]],
  ['a text became nothing', (db, a) => set(db, a, 7, { address: '' }), [['changed', 'a', 7]]],
  ['a hash was changed', (db, a) => set(db, a, 5, { hash: 'f'.repeat(64) }), [['changed', 'a', 5]]],
  ['a link was changed', (db, a) => set(db, a, 5, { prev_hash: 'f'.repeat(64) }), [['changed', 'a', 5]]],
  ['a row was changed and hashed again', (db, a) => rehash(db, a, 4, { actor_id: 'mallory' }), [['changed', 'a', 4]]],
  [
    'the last row was changed and hashed again',
    (db, a) => rehash(db, a, 10, { outcome: 'ok!' }),
    [
      ['changed', 'a', 10],
      ['changed', 'a', 10],
    ],
  ],
  ['the first row is missing', (db, a) => drop(db, a, 1, 1), [['missing', 'a', 1]]],
  ['one row is missing', (db, a) => drop(db, a, 6, 6), [['missing', 'a', 6]]],
  ['several rows are missing', (db, a) => drop(db, a, 3, 8), [['missing', 'a', 3]]],
  [
    'the last rows are missing',
    (db, a) => drop(db, a, 9, 10),
    [
      ['cut', 'a', 9],
      ['cut', 'a', 9],
    ],
  ],
  [
    'the last rows are missing and the entry was adapted',
    async (db, a) => {
      await drop(db, a, 9, 10)
      await adaptHead(db, a, 8)
    },
    [['cut', 'a', 9]],
  ],
  [
    'all rows of a chain are missing',
    (db, a) => drop(db, a, 1, 10),
    [
      ['cut', 'a', 1],
      ['cut', 'a', 1],
    ],
  ],
  [
    'a whole chain is missing',
    async (db, a) => {
      await drop(db, a, 1, 10)
      await db.deleteFrom('audit_chain').where('writer', '=', a).execute()
    },
    [['cut', 'a', 0]],
  ],
  [
    'the entry of a chain is missing',
    (db, a) => db.deleteFrom('audit_chain').where('writer', '=', a).execute(),
    [['inserted', 'a', 0]],
  ],
  [
    'distant rows changed places',
    (db, a) => swap(db, a, 4, 8),
    [
      ['swapped', 'a', 4],
      ['swapped', 'a', 8],
    ],
  ],
  [
    'neighbours changed places',
    (db, a) => swap(db, a, 5, 6),
    [
      ['swapped', 'a', 5],
      ['swapped', 'a', 6],
    ],
  ],
  [
    'a row was copied to the end',
    (db, a) => copy(db, a, 5, 11),
    [
      ['inserted', 'a', 11],
      ['swapped', 'a', 11],
    ],
  ],
  [
    'a row was copied in place of another',
    async (db, a) => {
      await drop(db, a, 7, 7)
      await copy(db, a, 3, 7)
    },
    [['swapped', 'a', 7]],
  ],
  ['a row was put in front of the first', (db, a) => copy(db, a, 3, 0), [['inserted', 'a', 0]]],
  ['a row got a number below zero', (db, a) => copy(db, a, 3, -7), [['inserted', 'a', -7]]],
  [
    'a row was put in, and the others were renumbered',
    async (db, a) => {
      for (let seq = 10; seq > 4; seq--) await set(db, a, seq, { seq: seq + 1 })
      await copy(db, a, 2, 5)
    },
    [
      ['swapped', 'a', 5],
      ['inserted', 'a', 6],
      ['inserted', 'a', 11],
      ['changed', 'a', 10],
    ],
  ],
  [
    'several rows were put in, and the others were renumbered',
    async (db, a) => {
      for (let seq = 10; seq > 4; seq--) await set(db, a, seq, { seq: seq + 3 })
      for (const seq of [5, 6, 7]) await copy(db, a, 4, seq)
    },
    [
      ['swapped', 'a', 5],
      ['swapped', 'a', 6],
      ['inserted', 'a', 7],
      ['inserted', 'a', 11],
      ['inserted', 'a', 12],
      ['inserted', 'a', 13],
      ['changed', 'a', 10],
    ],
  ],
  [
    'a row was taken out, and the others were renumbered',
    async (db, a) => {
      await drop(db, a, 5, 5)
      for (let seq = 6; seq <= 10; seq++) await set(db, a, seq, { seq: seq - 1 })
    },
    [
      ['missing', 'a', 5],
      ['cut', 'a', 10],
      ['cut', 'a', 10],
    ],
  ],
  [
    'rows of a writer without a name',
    async (db, a) => {
      const row = await rowOf(db, a, 1)
      await db
        .insertInto('audit_event')
        .values(hashed({ ...row, writer: '' }))
        .execute()
    },
    [['inserted', '', 0]],
  ],
  [
    'rows of a chain nobody began',
    async (db, a) => {
      const row = await rowOf(db, a, 1)
      await db
        .insertInto('audit_event')
        .values(hashed({ ...row, writer: 'z' }))
        .execute()
    },
    [['inserted', 'z', 0]],
  ],
  [
    'the beginning was removed as if by retention, without proof',
    async (db, a) => {
      const { hash } = await rowOf(db, a, 3)
      await drop(db, a, 1, 3)
      await db.updateTable('audit_chain').set({ pruned_seq: 3, pruned_hash: hash }).where('writer', '=', a).execute()
    },
    [['unproven', 'a', 0]],
  ],
  [
    'the rest of a chain was written anew',
    async (db, a) => {
      for (let seq = 4; seq <= 10; seq++) await rehash(db, a, seq, { actor_username: 'mallory' }, true)
      await adaptHead(db, a, 10)
    },
    [['changed', 'a', 10]],
  ],
]
