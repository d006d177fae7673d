import type { Role } from '../model/types.ts'
import type { AdminRequest } from './admin-request.ts'
import { listQuery, part } from './list-query.ts'
import { roleRow } from './representations.ts'

/** A list of roles by name: those whose name or description has the text, in parts only where both ends are named. */
export function answerRoles({ realm, req, res }: AdminRequest, all: readonly Role[]): void {
  const query = listQuery(req, Number.POSITIVE_INFINITY)
  const wanted = query.text('search')?.trim().toLowerCase() ?? ''
  const fits = ({ name, description = '' }: Role) =>
    [name, description].some((text) => text.toLowerCase().includes(wanted))
  const found = all.filter(fits).sort((a, b) => (a.name < b.name ? -1 : 1))
  const isPaged = wanted !== '' || (query.text('first') !== undefined && query.text('max') !== undefined)
  const more = query.text('briefRepresentation') === 'false'
  res.json(
    (isPaged ? part(found, query) : found).map((role) => ({
      ...roleRow(realm, role),
      ...(more ? { attributes: role.attributes } : {}),
    })),
  )
}
