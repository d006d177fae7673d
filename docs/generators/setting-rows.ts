import type { z } from 'zod'
import { docOf, type SettingDoc } from '../../src/platform/config/setting.ts'
import { settingsShape } from '../../src/platform/config/settings.ts'

export interface SettingRow extends SettingDoc {
  name: string
  /** As it would be written in the environment, or undefined where there is none. */
  fallback: string | undefined
}

/** Every setting with its documentation and default, read from the schema itself. */
export function settingRows(): SettingRow[] {
  return Object.entries(settingsShape).map(([name, schema]) => {
    const doc = docOf(schema)
    if (doc === undefined) throw new Error(`${name} has no documentation`)
    return { name, ...doc, fallback: defaultOf(schema) }
  })
}

/** Settings by group, in the order of the schema. */
export function groupedRows(): Map<string, SettingRow[]> {
  return Map.groupBy(settingRows(), ({ group }) => group)
}

function defaultOf(schema: z.ZodType): string | undefined {
  const parsed = schema.safeParse(undefined)
  if (!parsed.success || parsed.data === undefined) return undefined
  return written(parsed.data)
}

function written(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(',')
  if (typeof value !== 'object' || value === null) return String(value)
  const { limit, window } = value as { limit?: number; window?: number }
  return `${limit}/${window}`
}
