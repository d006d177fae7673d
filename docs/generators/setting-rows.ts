import { docOf, type SettingDoc } from '../../src/platform/config/setting.ts'
import { writtenDefault } from '../../src/platform/config/setting-views.ts'
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
    return { name, ...doc, fallback: writtenDefault(schema) }
  })
}

/** Settings by group, in the order of the schema. */
export function groupedRows(): Map<string, SettingRow[]> {
  return Map.groupBy(settingRows(), ({ group }) => group)
}
