import { z } from 'zod'
import { CHANGEABLE, type ChangeableValues, changeableSettings } from '../../platform/config/changeable-settings.ts'

/** The settings that were changed; what is absent is as configured. */
export type Changes = { -readonly [Name in keyof ChangeableValues]?: ChangeableValues[Name] }

export interface SettingsDocument {
  /** Counts up with each change, so that a message that comes late changes nothing back. */
  readonly revision: number
  readonly changes: Readonly<Changes>
}

const MAX_TEXT = 16_384
/** Far below the largest whole number, so that there is always a next one. */
const MAX_REVISION = 1e12
const frame = z.object({ revision: z.int().min(0).max(MAX_REVISION), changes: z.record(z.string(), z.unknown()) })
const strictChanges = z.strictObject(changeableSettings).partial()

export const NOTHING_CHANGED: SettingsDocument = { revision: 0, changes: {} }

export function writeDocument(document: SettingsDocument): string {
  return JSON.stringify(document)
}

/**
 * Reads what is kept or was told; anybody who may write to Redis may have written it.
 * @returns undefined for what is no document at all; members that are not known, or may not be so, are left out and named
 */
export function readDocument(text: string): { document: SettingsDocument; leftOut: readonly string[] } | undefined {
  const read = text.length > MAX_TEXT ? undefined : frame.safeParse(parsed(text)).data
  if (read === undefined) return undefined
  const changes: Changes = {}
  for (const name of CHANGEABLE) {
    const one = strictChanges.safeParse({ [name]: read.changes[name] })
    if (Object.hasOwn(read.changes, name) && one.success) Object.assign(changes, one.data)
  }
  const leftOut = Object.keys(read.changes).filter((name) => !Object.hasOwn(changes, name))
  return { document: { revision: read.revision, changes }, leftOut }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
