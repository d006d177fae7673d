import { EVERY_PERMISSION, type Permission } from '../../access/permissions.ts'

const PERMISSION = 'admin:'

/** Whether a name looks like a permission of the gateway and is none. */
export function isUnknownPermission(name: string): boolean {
  return name.startsWith(PERMISSION) && permissionIn(name) === undefined
}

/**
 * What a caller must hold, besides `scopes.write`, to write a scope of this name: the permission it stands for, and
 * `clients.write` where it is given to service clients.
 * @param handedOut names in `SERVICE_CLIENT_SCOPES`
 */
export function permissionsBehind(name: string, handedOut: readonly string[]): readonly Permission[] {
  if (isUnknownPermission(name)) return EVERY_PERMISSION
  const permission = permissionIn(name)
  return [
    ...(permission === undefined ? [] : [permission]),
    ...(handedOut.includes(name) ? (['clients.write'] as const) : []),
  ]
}

function permissionIn(name: string): Permission | undefined {
  return EVERY_PERMISSION.find((permission) => name === PERMISSION + permission)
}
