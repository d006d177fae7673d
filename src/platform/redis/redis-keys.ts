/** Every name in Redis, in one place. */
export const redisKeys = {
  sessionPrefix: 'cloakroom:session:',
  tokens: (sessionId: string) => `cloakroom:tokens:${sessionId}`,
  login: (stateHash: string) => `cloakroom:login:${stateHash}`,
  clearCaches: 'cloakroom:clear-caches',
  endedSessions: 'cloakroom:ended-sessions',
} as const
