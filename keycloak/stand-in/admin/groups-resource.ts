import type { Router } from 'express'
import type { Group, Realm } from '../model/types.ts'
import type { AdminRequest, Guarded } from './admin-request.ts'
import { type ListQuery, listQuery, part } from './list-query.ts'
import { groupAccess, groupRow, userRow } from './representations.ts'
import { changeGroup, childrenOf, createOrMoveGroup, groupOf, removeGroup } from './write-group.ts'

function matcher(query: ListQuery): ((group: Group) => boolean) | undefined {
  const wanted = query.text('search')?.toLowerCase()
  if (wanted === undefined) return undefined
  return ({ name }) => (query.isOn('exact') ? name.toLowerCase() === wanted : name.toLowerCase().includes(wanted))
}

/** A group with its rights; while searching also the subgroups that match, or lead to one that does. */
function tree(call: AdminRequest, group: Group, full: boolean, matches?: (group: Group) => boolean): object {
  const children = childrenOf(call.realm, group.id)
  const shown = matches ? children.filter((child) => leadsToMatch(call.realm, child, matches)) : []
  return {
    ...groupRow(group, full),
    subGroupCount: children.length,
    subGroups: shown.map((child) => tree(call, child, full, matches)),
    access: groupAccess(call.admin),
  }
}

function leadsToMatch(realm: Realm, group: Group, matches: (group: Group) => boolean): boolean {
  return matches(group) || childrenOf(realm, group.id).some((child) => leadsToMatch(realm, child, matches))
}

/** `/admin/realms/{realm}/groups`: the tree, one level at a time, who belongs to a group, and its changes. */
export function mountGroups(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-users', 'manage-users')
  const managed = (change: (call: AdminRequest) => void) =>
    on((call) => {
      call.admin.needs('manage-users')
      change(call)
    })

  router.post(
    '/groups',
    managed((call) => createOrMoveGroup(call, undefined)),
  )
  router.post(
    '/groups/:id/children',
    managed((call) => createOrMoveGroup(call, groupOf(call))),
  )
  router.put('/groups/:id', managed(changeGroup))
  router.delete('/groups/:id', managed(removeGroup))
  router.get(
    '/groups',
    on((call) => {
      call.admin.needs('view-users', 'manage-users', 'query-groups')
      const query = listQuery(call.req)
      const matches = matcher(query)
      const all = call.admin.has('view-users', 'manage-users') ? childrenOf(call.realm, undefined) : []
      const found = matches ? all.filter((group) => leadsToMatch(call.realm, group, matches)) : all
      const full = query.text('briefRepresentation') === 'false'
      call.res.json(part(found, query).map((group) => tree(call, group, full, matches)))
    }),
  )
  router.get(
    '/groups/count',
    on((call) => {
      call.admin.needs('view-users', 'manage-users', 'query-groups')
      const query = listQuery(call.req)
      const groups = query.isOn('top') ? childrenOf(call.realm, undefined) : [...call.realm.groups.values()]
      call.res.json({ count: groups.filter(matcher(query) ?? (() => true)).length })
    }),
  )
  router.get(
    '/groups/:id',
    on((call) => {
      mayView(call)
      call.res.json(tree(call, groupOf(call), true))
    }),
  )
  router.get(
    '/groups/:id/children',
    on((call) => {
      mayView(call)
      const query = listQuery(call.req)
      const children = childrenOf(call.realm, groupOf(call).id).filter(matcher(query) ?? (() => true))
      call.res.json(part(children, query).map((group) => tree(call, group, !query.isOn('briefRepresentation'))))
    }),
  )
  router.get(
    '/groups/:id/members',
    on((call) => {
      mayView(call)
      const query = listQuery(call.req)
      const { id } = groupOf(call)
      const members = [...call.realm.users.values()].filter((user) => user.groups.has(id))
      members.sort((a, b) => (a.username < b.username ? -1 : 1))
      call.res.json(part(members, query).map((user) => userRow(user, call.admin, query.isOn('briefRepresentation'))))
    }),
  )
}
