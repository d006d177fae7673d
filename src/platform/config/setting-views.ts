import type { z } from 'zod'
import { docOf } from './setting.ts'
import type { SettingView } from './setting-view.ts'
import { settingsShape } from './settings.ts'

/**
 * Every setting that the schema knows, so that none can be forgotten. Of a secret only whether it is set; of an address with
 * a secret in it the address alone.
 * @param given the environment without empty variables
 * @param derived what is in force where nothing is set and there is no fixed default
 */
export function settingViews(
  given: NodeJS.ProcessEnv,
  derived: Readonly<Record<string, string>> = {},
): readonly SettingView[] {
  return Object.entries(settingsShape).map(([name, schema]) => {
    const doc = docOf(schema)
    if (doc === undefined) throw new Error(`${name} has no documentation`)
    const { group, doc: meaning, secret = false } = doc
    const text = given[name]
    const fallback = secret === true ? undefined : writtenDefault(schema)
    const shown =
      secret === false ? text : secret === 'in-address' && text !== undefined ? addressOnly(text) : undefined
    return Object.freeze({
      ...{ name, group, meaning },
      default: fallback ?? null,
      value: shown ?? (text === undefined ? (derived[name] ?? fallback ?? null) : null),
      isSet: text !== undefined,
      isSecret: secret !== false,
    })
  })
}

/** The default of a setting as it would be written in the environment. */
export function writtenDefault(schema: z.ZodType): string | undefined {
  const parsed = schema.safeParse(undefined)
  return parsed.success && parsed.data !== undefined ? written(parsed.data) : undefined
}

function written(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(',')
  if (typeof value !== 'object' || value === null) return String(value)
  const { limit, window } = value as { limit?: number; window?: number }
  return `${limit}/${window}`
}

/** Without user, password and query, where a driver may take a password too; undefined for what cannot be read. */
function addressOnly(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, host, pathname } = new URL(text)
  return host === '' ? `${protocol}${pathname}` : `${protocol}//${host}${pathname}`
}
