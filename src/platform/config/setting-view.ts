/** One setting, as it may be shown to whoever administers the gateway. */
export interface SettingView {
  readonly name: string
  readonly group: string
  readonly meaning: string
  /** As it would be written in the environment; null where there is none. */
  readonly default: string | null
  /** As it was read, or the default; null for what is not set, and for every secret. */
  readonly value: string | null
  readonly isSet: boolean
  readonly isSecret: boolean
}
