/** One thing that is wrong with the trail. */
export interface AuditFinding {
  kind: 'changed' | 'missing' | 'inserted' | 'swapped' | 'cut' | 'unproven' | 'unknown-key'
  writer: string
  /** The row it is about; 0 for the chain as a whole. */
  seq: number
  /** A sentence for the operator. */
  what: string
}

/** `w-1a2b3c#17`: how a row is named in reports and in the API. */
export function rowName(writer: string, seq: number): string {
  return `${writer}#${seq}`
}
