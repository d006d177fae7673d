/** Where changed settings are kept, as one text; the port of this process alone and of Redis for all instances. */
export interface SettingsStore {
  /** Whether an instance that starts later finds them. */
  readonly isShared: boolean
  /** @returns null where nothing was ever changed @throws GatewayError SETTINGS_UNAVAILABLE */
  read(): Promise<string | null>
  /**
   * Writes only if what is kept is still what was read.
   * @returns whether it was
   * @throws GatewayError SETTINGS_UNAVAILABLE; then nobody knows whether it was written
   */
  replace(known: string | null, text: string): Promise<boolean>
  /** Brings it to every live instance, this one included; answers how many have acted on it. */
  tell(text: string): Promise<number>
  /** @param hear what was told @param missed called when something may not have been heard */
  listen(hear: (text: string) => void, missed: () => void): void
}

/** For an instance that is alone: changes end with the process. */
export function createMemorySettingsStore(): SettingsStore {
  let kept: string | null = null
  let tell: (text: string) => void = () => undefined
  return {
    isShared: false,
    read: async () => kept,
    async replace(known, text) {
      if (known !== kept) return false
      kept = text
      return true
    },
    async tell(text) {
      tell(text)
      return 1
    },
    listen(hear) {
      tell = hear
    },
  }
}
