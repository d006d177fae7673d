import type { Identity } from '../../identity/identity.ts'

const MAX_LIST = 4_096
const made = new WeakMap<Identity, readonly string[]>()

/**
 * `X-User-Id`, `X-User-Name`, `X-User-Roles` and `X-Tenant-Id` as a flat list, made once per remembered identity. What is
 * not visible ASCII is percent-encoded (so is `%`, and in lists the comma), so no claim can break out of its field.
 */
export function identityHeaders(identity: Identity): readonly string[] {
  const known = made.get(identity)
  if (known !== undefined) return known
  const headers = ['X-User-Id', encodeValue(identity.id)]
  if (identity.username !== null) headers.push('X-User-Name', encodeValue(identity.username))
  headers.push('X-User-Roles', encodeList(identity.roles))
  if (identity.tenant !== null) headers.push('X-Tenant-Id', encodeValue(identity.tenant))
  made.set(identity, headers)
  return headers
}

function encodeValue(text: string): string {
  return text.replace(/[^\x21-\x24\x26-\x7e]/gu, percent)
}

function encodeList(items: readonly string[]): string {
  let list = ''
  for (const item of items) {
    const encoded = item.replace(/[^\x21-\x24\x26-\x2b\x2d-\x7e]/gu, percent)
    // Whole entries only: half a role could be another role.
    if (list.length + encoded.length >= MAX_LIST) break
    list += (list === '' ? '' : ',') + encoded
  }
  return list
}

function percent(char: string): string {
  return [...Buffer.from(char.isWellFormed() ? char : '\ufffd', 'utf8')]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
