/** Everything that can be written down, and what it means. The names are part of the API: they are filtered by. */
export const AUDIT_ACTIONS = {
  'session.login': 'Somebody signed in, or tried to.',
  'access.refused': 'A credential, a permission or a request was refused, or somebody came too often.',
  'session.logout': 'Somebody signed out.',
  'session.backchannel-logout': 'The identity provider ended sessions.',
  'session.account-switch': 'A sign-in took the place of a session in the same browser.',
  'session.end': 'A session was ended by its owner or an administrator.',
  'session.end-all': 'All sessions of somebody were ended.',
  'account.register': 'Somebody registered.',
  'account.update': 'Somebody changed their own account.',
  'account.change-password': 'Somebody changed their own password.',
  'account.remove-credential': 'Somebody removed one of their own credentials.',
  'account.withdraw-consent': 'Somebody withdrew a consent.',
  'account.delete': 'Somebody gave up their own account.',
  'user.create': 'An administrator created a user.',
  'user.update': 'An administrator changed a user.',
  'user.enable': 'An administrator enabled a user.',
  'user.disable': 'An administrator disabled a user.',
  'user.delete': 'An administrator deleted a user.',
  'user.reset-password': "An administrator set or reset a user's password.",
  'user.require-actions': 'An administrator asked a user for required actions.',
  'user.unlock': 'An administrator lifted a lock after failed sign-ins.',
  'user.assign-roles': 'An administrator gave roles to a user.',
  'user.remove-roles': 'An administrator took roles from a user.',
  'user.join-group': 'An administrator put a user into a group.',
  'user.leave-group': 'An administrator took a user out of a group.',
  'role.create': 'A role was created.',
  'role.update': 'A role or its composites were changed.',
  'role.delete': 'A role was deleted.',
  'scope.create': 'A scope was created.',
  'scope.update': 'A scope or its roles were changed.',
  'scope.delete': 'A scope was deleted.',
  'group.create': 'A group was created.',
  'group.update': 'A group or its roles were changed.',
  'group.delete': 'A group was deleted.',
  'client.create': 'A service client was registered.',
  'client.update': 'A service client or its scopes were changed.',
  'client.enable': 'A service client was enabled.',
  'client.disable': 'A service client was disabled.',
  'client.rotate-secret': 'A service client got a new secret.',
  'client.delete': 'A service client was deleted.',
  'token.issue': 'A service client got a token.',
  'token.revoke': 'A service client revoked a token.',
  'cache.clear': 'Caches were cleared.',
  'settings.update': 'A setting was changed while running.',
  'audit.opened': 'An instance began to write; it notes where the other chains are.',
  'audit.checkpoint': 'An instance noted where the other chains are.',
  'audit.folded': 'More failures than are written one by one; how many.',
  'audit.gap': 'Rows that could not be kept while the database was away; how many.',
  'audit.pruned': 'Retention removed old rows of a chain.',
} as const

export type AuditAction = keyof typeof AUDIT_ACTIONS

/** `intended` stands before a change is made; what became of it follows with the same correlation id. */
export const AUDIT_OUTCOMES = ['intended', 'ok', 'failed', 'refused'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** Who did it: a person, a service client, the identity provider, the gateway itself, or nobody that is known. */
export interface AuditActor {
  kind: 'user' | 'service' | 'provider' | 'gateway' | 'anonymous'
  id: string | null
  username: string | null
  client: string | null
}

export type AuditTargetKind =
  | 'user'
  | 'session'
  | 'role'
  | 'scope'
  | 'group'
  | 'client'
  | 'token'
  | 'endpoint'
  | 'caches'
  | 'settings'
  | 'audit'

/** One thing that happened. */
export interface AuditEvent {
  action: AuditAction
  outcome: AuditOutcome
  actor: AuditActor
  target?: { kind: AuditTargetKind; id: string | null }
  /** What was, and what is now; only members that are allowed for the kind of target are kept, never a secret. */
  before?: unknown
  after?: unknown
  address?: string | null
  correlationId?: string | null
}
