import { CHANGEABLE, type ChangeableSetting, type ChangeableValues } from '../../platform/config/changeable-settings.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { changedSince, versionOf } from '../../platform/keycloak/people/resource-version.ts'
import type { Administrator } from '../administrator.ts'
import type { RecordWrite } from '../record-write.ts'
import type { Changes } from './settings-document.ts'
import { inForce, type SettingsInForce, type Wanted } from './settings-in-force.ts'

export interface ChangeSettingsParts {
  settings: Pick<SettingsInForce, 'latest' | 'change'>
  configured: ChangeableValues
  recordWrite: RecordWrite
}

/**
 * Changes settings on every instance and writes it down.
 * @param version what the change is based on; undefined: on whatever is there
 * @returns how many instances have acted on it
 * @throws GatewayError VERSION_CONFLICT, SETTINGS_UNAVAILABLE, INSUFFICIENT_PERMISSIONS, AUDIT_UNAVAILABLE
 */
export type ChangeSettings = (by: Administrator, wanted: Wanted, version: string | undefined) => Promise<number>

export function createChangeSettings({ settings, configured, recordWrite }: ChangeSettingsParts): ChangeSettings {
  const valuesOf = (names: readonly ChangeableSetting[], changes: Readonly<Changes>) => {
    const values = inForce(configured, changes)
    return Object.fromEntries(names.map((name) => [name, values[name]]))
  }

  return async function changeSettings(by, wanted, version) {
    const names = CHANGEABLE.filter((name) => wanted[name] !== undefined)
    const there = await settings.latest()
    refuseStale(there, version)
    const before = { values: valuesOf(names, there) }
    const after = { values: Object.fromEntries(names.map((name) => [name, wanted[name] ?? configured[name]])) }
    return recordWrite(by, {
      ...{ action: 'settings.update', before, after },
      act: { permission: 'settings.write' },
      target: { kind: 'settings', id: names.join(',') },
      change: () =>
        settings.change(wanted, (now) => {
          refuseStale(now, version)
          // What was written down as the value before has to be true.
          const others = names.some((name) => now[name] !== there[name])
          if (others)
            throw conflict(
              names.filter((name) => now[name] !== there[name]),
              now,
            )
        }),
      describe: (instances) => ({ after: { ...after, instances } }),
    })
  }
}

/** The version of everything that can be changed. */
export function settingsVersion(changes: Readonly<Changes>): string {
  return versionOf(covered(changes))
}

const covered = (changes: Readonly<Changes>) =>
  Object.fromEntries(CHANGEABLE.map((name) => [name, changes[name] ?? null]))

function refuseStale(now: Readonly<Changes>, version: string | undefined): void {
  const names = version === undefined ? [] : changedSince(version, covered(now))
  if (names.length > 0)
    throw conflict(
      CHANGEABLE.filter((name) => names.includes(name)),
      now,
    )
}

function conflict(names: readonly ChangeableSetting[], now: Readonly<Changes>): GatewayError {
  // Null stands for the configured value.
  const changed = names.map((field) => ({ field, now: now[field] ?? null }))
  return new GatewayError('VERSION_CONFLICT', { details: { changed, version: settingsVersion(now) } })
}
