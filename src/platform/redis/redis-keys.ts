/** Every name in Redis, in one place. */
export const redisKeys = {
  sessionPrefix: 'cloakroom:session:',
  tokens: (sessionId: string) => `cloakroom:tokens:${sessionId}`,
  login: (stateHash: string) => `cloakroom:login:${stateHash}`,
  clearCaches: 'cloakroom:clear-caches',
  endedSessions: 'cloakroom:ended-sessions',
  confirmations: (instance: string) => `cloakroom:confirmations:${instance}`,
  refreshLease: (sessionId: string) => `cloakroom:refresh:${sessionId}`,
  sessionIndex: (kind: 'sid' | 'sub', hash: string) => `cloakroom:sessions-of-${kind}:${hash}`,
  logoutMark: (kind: 'sid' | 'sub', hash: string) => `cloakroom:logout-mark-${kind}:${hash}`,
  logoutTokenId: (hash: string) => `cloakroom:logout-jti:${hash}`,
} as const
