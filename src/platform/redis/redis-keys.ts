/** Every name in Redis, in one place. */
export const redisKeys = {
  sessionPrefix: 'cloakroom:session:',
  // One hash tag, so that the lease and what it guards are judged together on a cluster too.
  tokens: (sessionId: string) => `cloakroom:tokens:{${sessionId}}`,
  login: (stateHash: string) => `cloakroom:login:${stateHash}`,
  clearCaches: 'cloakroom:clear-caches',
  endedSessions: 'cloakroom:ended-sessions',
  // One hash tag: in a cluster everything about the bus is on one node, so that one connection hears it all.
  busToAll: 'cloakroom:bus:{bus}:all',
  busTo: (instance: string) => `cloakroom:bus:{bus}:to:${instance}`,
  busInstances: 'cloakroom:bus:{bus}:instances',
  turn: (hash: string) => `cloakroom:turn:${hash}`,
  refreshLease: (sessionId: string) => `cloakroom:refresh:{${sessionId}}`,
  sessionIndex: (kind: 'sid' | 'sub' | 'tenant', hash: string) => `cloakroom:sessions-of-${kind}:${hash}`,
  publicSession: (publicId: string) => `cloakroom:public-session:${publicId}`,
  lastSeen: (sessionId: string) => `cloakroom:last-seen:${sessionId}`,
  logoutMark: (kind: 'sid' | 'sub', hash: string) => `cloakroom:logout-mark-${kind}:${hash}`,
  deniedTokens: 'cloakroom:denied-tokens',
  deniedTokensChannel: 'cloakroom:token-denied',
  rateLimit: (hash: string) => `cloakroom:limit:${hash}`,
  logoutTokenId: (hash: string) => `cloakroom:logout-jti:${hash}`,
  revocationLeader: 'cloakroom:revocation-leader',
  revocationProgress: 'cloakroom:revocation-progress',
  cutOffs: (kind: 'end' | 'renew') => `cloakroom:cut-offs-${kind}`,
  settings: 'cloakroom:settings',
  settingsChannel: 'cloakroom:settings-changed',
  cutOffsChannel: 'cloakroom:cut-off',
} as const
