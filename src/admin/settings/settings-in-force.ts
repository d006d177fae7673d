import { CHANGEABLE, type ChangeableSetting, type ChangeableValues } from '../../platform/config/changeable-settings.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { Log } from '../../platform/observability/log.ts'
import {
  type Changes,
  NOTHING_CHANGED,
  readDocument,
  type SettingsDocument,
  writeDocument,
} from './settings-document.ts'
import type { SettingsStore } from './settings-store.ts'

/** What somebody wants to be different; null is the configured value again. */
export type Wanted = { readonly [Name in keyof Changes]?: Changes[Name] | null | undefined }

export interface SettingsInForce {
  /** What was changed, as this instance knows it; no I/O. */
  changes(): Readonly<Changes>
  /** The same as all instances have it. @throws GatewayError SETTINGS_UNAVAILABLE */
  latest(): Promise<Readonly<Changes>>
  /**
   * Resolves when every live instance has acted on it; answers how many have.
   * @param judge called with what is there at that moment; throws when it must not be changed
   * @throws GatewayError SETTINGS_UNAVAILABLE, VERSION_CONFLICT when others change without end
   */
  change(wanted: Wanted, judge: (there: Readonly<Changes>) => void): Promise<number>
  /** Takes up what was changed before this instance began; a store that is away is asked again later. */
  start(): Promise<void>
  close(): void
}

/** How each is carried out in this process. */
export type ApplySettings = { readonly [Name in ChangeableSetting]: (value: ChangeableValues[Name]) => void }

/** What is in force when this was changed. */
export function inForce(configured: ChangeableValues, changes: Readonly<Changes>): ChangeableValues {
  return { ...configured, ...changes }
}

export interface SettingsInForceParts {
  store: SettingsStore
  configured: ChangeableValues
  apply: ApplySettings
  log: Log
  /** Milliseconds after which the store is read again, for what no message has brought. */
  everyMs?: number
}

const TRIES = 5
const EVERY_MS = 60_000

/** The settings that were changed while running, the same in all instances: what the store keeps is what counts. */
export function createSettingsInForce(parts: SettingsInForceParts): SettingsInForce {
  const { store, log } = parts
  const carryOut = createCarryOut(parts)
  let current = NOTHING_CHANGED
  let lastWarned: string | undefined
  let readings = 0
  let timer: NodeJS.Timeout | undefined

  function read(text: string | null): SettingsDocument | undefined {
    if (text === null) return NOTHING_CHANGED
    const found = readDocument(text)
    const leftOut = found?.leftOut ?? []
    if ((found === undefined || leftOut.length > 0) && text !== lastWarned) {
      const what =
        found === undefined
          ? 'what is kept of changed settings cannot be read and is ignored'
          : 'changed settings that cannot be so are ignored'
      log.warn(what, { names: leftOut.slice(0, 10) })
      lastWarned = text
    }
    return found?.document
  }

  function take(document: SettingsDocument | undefined): void {
    if (document === undefined) return
    // A reading that began before this is older than this.
    readings++
    carryOut(current.changes, document.changes)
    current = document
  }

  /** What the store keeps, taken up unless something newer was heard meanwhile. */
  async function consult(): Promise<{ text: string | null; there: SettingsDocument }> {
    const mine = ++readings
    const text = await store.read()
    const document = read(text)
    if (mine === readings) take(document)
    return { text, there: document ?? current }
  }

  const consultQuietly = () =>
    void consult().catch((error: unknown) => log.debug('changed settings cannot be read now', { error }))

  store.listen((text) => {
    const document = read(text)
    if (document !== undefined && document.revision > current.revision) take(document)
    // A message may be late, or of nobody we know: the store has the last word.
    if (store.isShared) consultQuietly()
  }, consultQuietly)

  return {
    changes: () => current.changes,
    async latest() {
      return (await consult()).there.changes
    },
    async change(wanted, judge) {
      for (let tries = 0; tries < TRIES; tries++) {
        const { text, there } = await consult()
        judge(there.changes)
        const revision = Math.max(there.revision, current.revision) + 1
        const document = { revision, changes: merged(there.changes, wanted) }
        const written = writeDocument(document)
        if (!(await store.replace(text, written))) continue
        if (document.revision > current.revision) take(document)
        return Math.max(1, await store.tell(written))
      }
      throw new GatewayError('VERSION_CONFLICT', { reason: `others changed settings ${TRIES} times meanwhile` })
    },
    async start() {
      timer = setInterval(consultQuietly, parts.everyMs ?? EVERY_MS).unref()
      await consult().catch((error: unknown) =>
        log.warn('changed settings cannot be read; the configured ones are in force until they can', { error }),
      )
    },
    close: () => clearInterval(timer),
  }
}

function merged(there: Readonly<Changes>, wanted: Wanted): Changes {
  const all = Object.entries({ ...there, ...wanted }).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(all)
}

function createCarryOut({ configured, apply, log }: SettingsInForceParts) {
  return function carryOut(before: Readonly<Changes>, after: Readonly<Changes>): void {
    const [were, are] = [inForce(configured, before), inForce(configured, after)]
    const carryOutOne = <Name extends ChangeableSetting>(name: Name): void => {
      if (were[name] === are[name]) return
      // Said before it is done: a log that is told to be silent could not say it any more.
      log.warn('a setting was changed while running', { setting: name, from: were[name], to: are[name] })
      apply[name](are[name])
    }
    for (const name of CHANGEABLE) carryOutOne(name)
  }
}
