import { rowName } from './audit-finding.ts'
import type { Anchor } from './check-chain.ts'
import type { AuditVerdict } from './verify-audit.ts'

/** Findings that are shown; a trail that was replaced wholly has as many as rows. */
const MOST = 100

const WORDS = {
  changed: 'CHANGED',
  missing: 'MISSING',
  inserted: 'INSERTED',
  swapped: 'SWAPPED',
  cut: 'CUT OFF',
  unproven: 'NOT PROVEN',
  'unknown-key': 'UNKNOWN KEY',
} as const

/** The report of a check, for a terminal. @param isKeyed whether hashes are signed with a key */
export function auditVerdict({ rows, findings, heads }: AuditVerdict, isKeyed: boolean): string {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
  const lines = findings
    .slice(0, MOST)
    .map(({ kind, writer, seq, what }) => `  ✗ ${WORDS[kind]}  ${seq === 0 ? writer : rowName(writer, seq)}: ${what}`)
  if (findings.length > MOST) lines.push(`  … and ${findings.length - MOST} more`)
  const ends = heads.map(({ writer, seq, hash }) => `  ${writer}:${seq}:${hash || '-'}`)
  const title =
    findings.length === 0
      ? `The audit trail is in order: ${count(rows, 'row')} in ${count(heads.length, 'chain')}.`
      : `The audit trail is NOT in order: ${count(findings.length, 'finding')} in ${count(rows, 'row')} of ${count(heads.length, 'chain')}.`
  const hint = isKeyed
    ? []
    : ['No key is set (AUDIT_HASH_KEYS): somebody who may write to the database could have forged all of it.']
  const keep = ends.length === 0 ? [] : ['Heads, to be given to a later check with --head:', ...ends]
  return `${[title, ...lines, ...hint, ...keep].join('\n')}\n`
}

/**
 * A head as the report prints it.
 * @throws Error that says how it has to look
 */
export function parseKnownHead(text: string): Anchor {
  const [, writer, seq, hash] = /^([\w-]{1,32}):(\d{1,15}):([\da-f]{64})$/.exec(text) ?? []
  if (writer === undefined || seq === undefined || hash === undefined)
    throw new Error(`--head ${text.slice(0, 200)} is not WRITER:NUMBER:HASH, as an earlier check or the log has it.`)
  return { writer, seq: Number(seq), hash, by: 'the given head' }
}
