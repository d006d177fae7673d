import { ownAccountOperations } from '../account/own-account-operations.ts'
import { ownSessionOperations } from '../account/own-session-operations.ts'
import { visitorOperations } from '../account/visitor-operations.ts'
import { auditOperations } from '../admin/audit/audit-operations.ts'
import { eventOperations } from '../admin/events/event-operations.ts'
import { groupAccessOperations } from '../admin/groups/group-access-operations.ts'
import { groupOperations } from '../admin/groups/group-operations.ts'
import { roleOperations } from '../admin/roles/role-operations.ts'
import { scopeOperations } from '../admin/scopes/scope-operations.ts'
import { sessionAdminOperations } from '../admin/sessions/session-admin-operations.ts'
import { settingOperations } from '../admin/settings/setting-operations.ts'
import { userAccessOperations } from '../admin/users/user-access-operations.ts'
import { userOperations } from '../admin/users/user-operations.ts'
import { loginOperations } from '../login/login-operations.ts'
import { ownOperations } from '../operations/own-operations.ts'
import type { Operation } from '../platform/http/operation.ts'
import { serviceClientOperations } from '../service-clients/service-client-operations.ts'
import { serviceTokenOperations } from '../service-tokens/service-token-operations.ts'

/** Every endpoint of the gateway's own, from the rooms that serve them. */
export const apiOperations: readonly Operation[] = [
  ...loginOperations,
  ...ownAccountOperations,
  ...visitorOperations,
  ...ownSessionOperations,
  ...serviceTokenOperations,
  ...serviceClientOperations,
  ...userOperations,
  ...userAccessOperations,
  ...sessionAdminOperations,
  ...groupOperations,
  ...groupAccessOperations,
  ...roleOperations,
  ...eventOperations,
  ...settingOperations,
  ...scopeOperations,
  ...auditOperations,
  ...ownOperations,
]
