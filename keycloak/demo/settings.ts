/** What the demo takes from the environment. */
export type DemoSettings = {
  port: number
  managementPort: number
  publicUrl: string
  standInPort: number
  /** Set when a real Keycloak is used instead of the stand-in. */
  keycloakUrl: string | undefined
  realm: string
  redisUrl: string | undefined
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`${name} is "${text}", but a port is a whole number from 1 to 65535. Try ${name}=${fallback}.`)
}

/**
 * Reads it.
 * @throws when `ENV` is `prod`, because the demo's parts keep everything in memory, or when a port is none
 */
export function readDemoSettings(env: NodeJS.ProcessEnv): DemoSettings {
  if (env.ENV === 'prod') {
    throw new Error(
      'The demo does not run with ENV=prod: it signs people in with well-known passwords and keeps everything in memory. ' +
        'Use ENV=dev for the demo, or `npm start` with a real Keycloak and Redis for production.',
    )
  }
  const port = portOf(env, 'PORT', 3000)
  return {
    port,
    managementPort: portOf(env, 'MANAGEMENT_PORT', 9464),
    publicUrl: (env.PUBLIC_URL || `http://localhost:${port}`).replace(/\/$/, ''),
    standInPort: portOf(env, 'STAND_IN_PORT', 8080),
    keycloakUrl: env.KEYCLOAK_SERVER_URL?.replace(/\/$/, '') || undefined,
    realm: env.KEYCLOAK_REALM || 'demo',
    redisUrl: env.REDIS_URL || undefined,
  }
}
